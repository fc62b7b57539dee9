from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from psdelivery.outbox.models import Message
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Reminder, Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services import reminders
from psdelivery.playbooks.services.checklists import pause_checklists, set_anchor
from psdelivery.playbooks.services.reminders import (
    LEASE,
    claim_due_steps,
    decide_claimed,
    scan_reminders,
)
from psdelivery.playbooks.services.steps import complete_step
from psdelivery.playbooks.tasks import scan
from tests.factories.engagements import EngagementFactory
from tests.factories.people import PoolFactory, RegionFactory, UserFactory
from tests.factories.playbooks import (
    NOW,
    PlaybookFactory,
    PlaybookStepFactory,
    StepFactory,
    owners,
    start,
)

pytestmark = pytest.mark.django_db

# The step is due at the end of Tuesday 23 March; Good Friday is the 26th.
KICKOFF = date(2027, 3, 20)


def berlin(day, hour, minute=0):
    return datetime(2027, 3, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))


TWO_DAYS_BEFORE = berlin(19, 8)
ON_THE_DAY = berlin(23, 8)
FIRST_ESCALATION = berlin(24, 8)
SECOND_ESCALATION = berlin(30, 8)


@pytest.fixture
def team():
    manager = UserFactory(email="manager@example.com", country="DE")
    return owners(
        pm=UserFactory(email="owner@example.com", country="DE"),
        coordinator=UserFactory(email="coordinator@example.com", country="DE"),
        manager=manager,
    )


@pytest.fixture
def playbook():
    return PlaybookFactory()


def due_step(playbook, people, *, anchor=KICKOFF, **fields):
    PlaybookStepFactory(
        playbook=playbook, key="one", owner_role=EngagementRole.PM, **fields
    )
    checklist = start(playbook, people=people, anchors={"kickoff": anchor})
    return checklist.steps.get(key="one")


def rules():
    return list(Reminder.objects.order_by("pk").values_list("rule", flat=True))


def addressed():
    found = Reminder.objects.order_by("pk").select_related("message")
    return [(reminder.message.to, reminder.message.cc) for reminder in found]


def test_r21_each_reminder_goes_to_its_recipient_at_its_moment(playbook, team):
    due_step(playbook, team)

    for moment in (
        TWO_DAYS_BEFORE,
        ON_THE_DAY,
        FIRST_ESCALATION,
        SECOND_ESCALATION,
    ):
        assert scan_reminders(now=moment - timedelta(seconds=1)) == 0
        assert scan_reminders(now=moment) == 1

    owner = "owner@example.com"
    assert rules() == ["owner-2", "owner-0", "coordinator+1", "manager+3"]
    assert addressed() == [
        ([owner], []),
        ([owner], []),
        (["coordinator@example.com"], [owner]),
        (["manager@example.com"], [owner]),
    ]


def test_r21_scanning_again_decides_nothing_twice(playbook, team):
    due_step(playbook, team)

    decided = [scan_reminders(now=ON_THE_DAY + timedelta(hours=n)) for n in range(5)]

    assert decided == [1, 0, 0, 0, 0]
    assert (Reminder.objects.count(), Message.objects.count()) == (1, 1)


def test_r21_three_days_off_and_back_give_one_reminder_a_step(playbook, team):
    for number in range(5):
        PlaybookStepFactory(playbook=playbook, offset_value=number, owner_role="pm")
    start(playbook, people=team, anchors={"kickoff": KICKOFF})
    back = berlin(24, 12)

    scan_reminders(now=back)
    scan_reminders(now=back)

    reminded = list(Reminder.objects.values_list("step", flat=True))
    assert len(reminded) == len(set(reminded)) == 5


def test_r21_after_an_outage_the_latest_is_sent_and_the_rest_never(playbook, team):
    due_step(playbook, team)

    scan_reminders(now=FIRST_ESCALATION + timedelta(hours=2))
    scan_reminders(now=SECOND_ESCALATION - timedelta(hours=1))

    assert rules() == ["coordinator+1"]


def test_r21_a_moved_due_date_starts_anew(playbook, team):
    step = due_step(playbook, team)
    scan_reminders(now=ON_THE_DAY)

    set_anchor(
        step.checklist, "kickoff", date(2027, 3, 27), by=None, now=berlin(23, 12)
    )
    scan_reminders(now=berlin(30, 8))

    assert rules() == ["owner-0", "owner-0"]
    assert Reminder.objects.values("due_at").distinct().count() == 2


def test_r21_moved_there_and_back_is_not_told_twice(playbook, team):
    step = due_step(playbook, team)
    scan_reminders(now=ON_THE_DAY)

    for day in (date(2027, 4, 20), KICKOFF):
        set_anchor(step.checklist, "kickoff", day, by=None, now=berlin(23, 9))
    scan_reminders(now=berlin(23, 10))

    assert rules() == ["owner-0"]


def test_r21_what_is_done_is_not_reminded_of(playbook, team):
    step = due_step(playbook, team)
    complete_step(step, Completion(), by=None, now=berlin(22, 9))

    assert scan_reminders(now=SECOND_ESCALATION) == 0


def test_r21_without_holders_the_pool_hears_of_it(playbook):
    region = RegionFactory()
    pool = PoolFactory(region=region)
    for name in ("ann", "bob"):
        UserFactory(
            email=f"{name}@example.com", region=region, roles=[Role.COORDINATOR]
        )
    UserFactory(email="elsewhere@example.com", roles=[Role.COORDINATOR])
    due_step(playbook, owners(pool=pool))

    scan_reminders(now=ON_THE_DAY)
    scan_reminders(now=berlin(24, 12))

    both = ["ann@example.com", "bob@example.com"]
    assert addressed() == [(both, []), (both, [])]


def test_r23_nothing_is_mailed_to_somebody_who_has_left(playbook, team):
    due_step(playbook, team)
    admin = UserFactory(email="admin@example.com", roles=[Role.ADMINISTRATOR])
    for person in (team.by_role["pm"], team.coordinator, team.manager):
        person.is_active = False
        person.save()

    for moment in (ON_THE_DAY, FIRST_ESCALATION, SECOND_ESCALATION):
        scan_reminders(now=moment)

    assert {tuple(to) for to, _cc in addressed()} == {(admin.email,)}
    assert {tuple(cc) for _to, cc in addressed()} == {()}


def test_the_manager_of_the_owner_comes_before_that_of_the_engagement(playbook):
    boss = UserFactory(email="boss@example.com")
    owner = UserFactory(manager=boss)
    due_step(playbook, owners(pm=owner, manager=UserFactory()))

    scan_reminders(now=berlin(31, 12))

    assert addressed() == [(["boss@example.com"], [owner.email])]


def test_one_bad_address_does_not_hold_up_the_others(playbook, team):
    nameless = UserFactory(email="")
    helper = UserFactory(email="pool@example.com", roles=[Role.ADMINISTRATOR])
    due_step(playbook, owners(pm=nameless))
    due_step(PlaybookFactory(), team)

    assert scan_reminders(now=ON_THE_DAY) == 2

    assert addressed() == [([helper.email], []), (["owner@example.com"], [])]


def test_with_nobody_to_write_to_the_reminder_is_decided_all_the_same(playbook):
    due_step(playbook, owners())

    assert scan_reminders(now=ON_THE_DAY) == 1

    assert Reminder.objects.get().message is None
    assert scan_reminders(now=ON_THE_DAY) == 0


def test_a_pool_of_very_many_is_written_to_within_the_limit_of_a_mail(playbook):
    region = RegionFactory()
    for _ in range(60):
        UserFactory(region=region, roles=[Role.COORDINATOR])
    due_step(playbook, owners(pool=PoolFactory(region=region)))

    scan_reminders(now=ON_THE_DAY)

    assert len(Message.objects.get().to) == 50


def test_mails_of_an_engagement_stand_in_one_thread(playbook, team):
    PlaybookStepFactory(playbook=playbook, owner_role="pm")
    engagement = EngagementFactory()
    start(
        playbook,
        people=team,
        anchors={"kickoff": KICKOFF},
        engagement_id=engagement.pk,
    )

    scan_reminders(now=ON_THE_DAY)

    message = Message.objects.get()
    assert message.engagement == engagement
    assert message.thread_key == f"engagement-{engagement.pk}"
    assert "yours" in message.why


def test_a_second_scanner_gets_nothing_of_what_the_first_has_claimed(playbook, team):
    step = due_step(playbook, team)

    first = claim_due_steps(ON_THE_DAY)

    assert claim_due_steps(ON_THE_DAY) is None
    assert Step.objects.filter(lease_token=first).get() == step
    assert decide_claimed(first, ON_THE_DAY) == 1


def test_the_lease_of_a_scanner_that_died_runs_out(playbook, team):
    due_step(playbook, team)
    dead = claim_due_steps(ON_THE_DAY)

    after = ON_THE_DAY + LEASE
    assert claim_due_steps(after - timedelta(seconds=1)) is None
    second = claim_due_steps(after)

    assert decide_claimed(second, after) == 1
    assert decide_claimed(dead, after) == 0
    assert Reminder.objects.count() == 1


def test_a_tick_between_claim_and_decision_wins(playbook, team):
    step = due_step(playbook, team)
    token = claim_due_steps(ON_THE_DAY)

    complete_step(step, Completion(), by=None, now=ON_THE_DAY)

    assert decide_claimed(token, ON_THE_DAY) == 0
    step.refresh_from_db()
    assert (step.state, step.next_reminder_at) == (StepState.DONE, None)


def test_a_hold_between_claim_and_decision_wins(playbook, team):
    engagement = EngagementFactory()
    PlaybookStepFactory(playbook=playbook, key="one", owner_role="pm")
    checklist = start(
        playbook,
        people=team,
        anchors={"kickoff": KICKOFF},
        engagement_id=engagement.pk,
    )
    token = claim_due_steps(ON_THE_DAY)

    pause_checklists(engagement.pk)

    assert decide_claimed(token, ON_THE_DAY) == 0
    assert checklist.steps.get().next_reminder_at is None
    assert not Reminder.objects.exists()


def test_a_move_between_claim_and_decision_wins(playbook, team):
    step = due_step(playbook, team)
    token = claim_due_steps(ON_THE_DAY)

    set_anchor(step.checklist, "kickoff", date(2027, 4, 20), by=None, now=ON_THE_DAY)

    assert decide_claimed(token, ON_THE_DAY) == 0
    step.refresh_from_db()
    assert step.next_reminder_at > ON_THE_DAY


def test_batches_go_on_until_nothing_is_due(playbook, team, monkeypatch):
    monkeypatch.setattr(reminders, "BATCH", 2)
    for _ in range(5):
        PlaybookStepFactory(playbook=playbook, owner_role="pm")
    start(playbook, people=team, anchors={"kickoff": KICKOFF})

    assert scan_reminders(now=ON_THE_DAY, limit=3) == 4
    assert scan_reminders(now=ON_THE_DAY) == 1


def test_the_task_scans_by_the_portals_clock(playbook, team, settings):
    due_step(playbook, team)
    settings.CLOCK_OFFSET = timedelta(days=365 * 30)

    scan()

    assert rules() == ["manager+3"]


@pytest.fixture
def asked():
    """The statements of the test with their values, as the driver gets them."""
    found = []

    def listen(execute, sql, params, many, context):
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield found


def test_the_scan_reads_an_index_range_of_what_is_due(asked):
    StepFactory.create_batch(3, next_reminder_at=NOW)
    asked.clear()
    claim_due_steps(NOW)
    sql, params = asked[0]

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A table of three rows would be read as a whole.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
        explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}
        cursor.execute(f"{explain[connection.vendor]} {sql}", params)
        plan = " ".join(str(row) for row in cursor.fetchall())

    assert "step_reminder_scan" in plan
    # No sorting either: the index gives the order.
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_steps_that_are_not_due_are_not_read():
    due = StepFactory(next_reminder_at=NOW)
    StepFactory.create_batch(3, next_reminder_at=NOW + timedelta(seconds=1))
    StepFactory.create_batch(3)

    claim_due_steps(NOW)

    assert list(Step.objects.exclude(lease_token=None)) == [due]


def queries_for(count):
    playbook = PlaybookFactory()
    for number in range(count):
        PlaybookStepFactory(playbook=playbook, owner_role=["pm", "pc"][number % 2])
    people = owners(pm=UserFactory(manager=UserFactory()), coordinator=UserFactory())
    engagement = EngagementFactory()
    start(
        playbook,
        people=people,
        anchors={"kickoff": KICKOFF},
        engagement_id=engagement.pk,
    )
    with CaptureQueriesContext(connection) as queries:
        assert scan_reminders(now=ON_THE_DAY) == count
    return len(queries)


def test_a_batch_takes_the_same_queries_for_3_and_30_due_steps():
    assert queries_for(3) == queries_for(30)


@pytest.mark.django_db(transaction=True)
def test_r21_scanners_and_a_move_at_the_same_time_decide_each_reminder_once(
    monkeypatch, team
):
    if connection.vendor != "postgresql":
        pytest.skip("several connections to one test database need PostgreSQL")
    monkeypatch.setattr(reminders, "BATCH", 7)
    playbook = PlaybookFactory()
    for _ in range(60):
        PlaybookStepFactory(playbook=playbook, owner_role="pm")
    checklist = start(playbook, people=team, anchors={"kickoff": KICKOFF})
    moves = [date(2027, 3, 19), KICKOFF] * 3

    run_together(
        lambda: [
            set_anchor(checklist, "kickoff", day, by=None, now=TWO_DAYS_BEFORE)
            for day in moves
        ],
        *[lambda: scan_reminders(now=ON_THE_DAY)] * 3,
    )
    scan_reminders(now=ON_THE_DAY + LEASE)

    last = Reminder.objects.filter(due_at=checklist.steps.first().due_at)
    assert last.count() == 60
    # A digest carries many; none is without its mail, no mail without a reminder.
    carried = set(Reminder.objects.values_list("message", flat=True))
    assert carried == set(Message.objects.values_list("pk", flat=True))


def run_together(*acts):
    """Run the acts in threads of their own, and raise what one of them raised."""

    def act_and_close(act):
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        for future in [pool.submit(act_and_close, act) for act in acts]:
            future.result(60)
