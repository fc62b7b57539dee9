from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from psdelivery.history.models import Event
from psdelivery.people.choices import EngagementRole
from psdelivery.people.services import mark_left
from psdelivery.playbooks.choices import OffsetKind, Repeat
from psdelivery.playbooks.events import AnchorMoved
from psdelivery.playbooks.models import PlaybookStep
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.checklists import set_anchor
from psdelivery.playbooks.services.steps import complete_step
from psdelivery.registry import reactions
from tests.factories.people import (
    CustomerFactory,
    PoolFactory,
    RegionFactory,
    UserFactory,
)
from tests.factories.playbooks import (
    NOW,
    PlaybookFactory,
    PlaybookStepFactory,
    owners,
    start,
)

pytestmark = pytest.mark.django_db

KICKOFF = date(2027, 4, 12)
DATED = {"kickoff": KICKOFF}


@pytest.fixture
def playbook():
    return PlaybookFactory()


def step_of(checklist, key="one"):
    return checklist.steps.get(key=key)


def steps_of(checklist):
    return {step.key: step for step in checklist.steps.all()}


@pytest.fixture
def moves(monkeypatch):
    """The anchor moves published during the test."""
    heard = []
    monkeypatch.setattr(reactions, "_by_event", {})
    reactions.register(AnchorMoved, heard.append)
    return heard


def test_a_checklist_has_the_steps_whose_conditions_hold(playbook):
    for key, condition in {
        "always": {},
        "labs": {"labs": True},
        "onsite": {"remote": False},
        "training": {"kind": ["training"]},
    }.items():
        PlaybookStepFactory(playbook=playbook, key=key, condition=condition)

    checklist = start(playbook, facts={"labs": True, "remote": True, "kind": "x"})

    assert steps_of(checklist).keys() == {"always", "labs"}


def test_a_step_is_a_copy_that_later_changes_of_the_playbook_leave_alone(playbook):
    definition = PlaybookStepFactory(playbook=playbook, key="one", title="Old")
    checklist = start(playbook)

    PlaybookStep.objects.filter(pk=definition.pk).update(title="New", offset_value=9)

    assert step_of(checklist).title == "Old"
    assert step_of(checklist).offset_value == 3


def test_a_step_belongs_to_the_holder_of_its_role(playbook):
    PlaybookStepFactory(playbook=playbook, key="one", owner_role=EngagementRole.PM)
    pm, coordinator = UserFactory(), UserFactory()

    checklist = start(playbook, people=owners(pm=pm, coordinator=coordinator))

    assert (step_of(checklist).assignee, step_of(checklist).pool) == (pm, None)


def test_r23_a_role_without_holder_goes_to_the_coordinator(playbook):
    PlaybookStepFactory(playbook=playbook, key="one", owner_role=EngagementRole.PM)
    coordinator = UserFactory()

    checklist = start(playbook, people=owners(coordinator=coordinator))

    assert step_of(checklist).assignee == coordinator


def test_r23_without_a_coordinator_the_pool_owns_the_step(playbook):
    PlaybookStepFactory(playbook=playbook, key="one", owner_role=EngagementRole.PM)
    pool = PoolFactory()

    checklist = start(playbook, people=owners(pool=pool))

    assert (step_of(checklist).assignee, step_of(checklist).pool) == (None, pool)


def test_r23_nothing_goes_to_somebody_who_has_left(playbook):
    PlaybookStepFactory(playbook=playbook, key="one", owner_role=EngagementRole.PM)
    gone, coordinator = UserFactory(is_active=False), UserFactory()

    checklist = start(playbook, people=owners(pm=gone, coordinator=coordinator))

    assert step_of(checklist).assignee == coordinator


def test_r23_open_steps_of_a_leaver_go_back_to_the_pool(playbook):
    for key in ("open", "done"):
        PlaybookStepFactory(playbook=playbook, key=key, owner_role=EngagementRole.PM)
    pm = UserFactory()
    checklist = start(playbook, people=owners(pm=pm, coordinator=pm, manager=pm))
    complete_step(step_of(checklist, "done"), Completion(), by=pm, now=NOW)

    mark_left(pm, reason="New job", by=UserFactory(), now=NOW)

    checklist.refresh_from_db()
    assert step_of(checklist, "open").pool == checklist.pool
    assert step_of(checklist, "done").assignee == pm
    assert (checklist.coordinator, checklist.manager) == (None, None)


def test_a_step_waits_for_the_steps_before_it(playbook):
    PlaybookStepFactory(playbook=playbook, key="first")
    PlaybookStepFactory(playbook=playbook, key="left-out", condition={"labs": True})
    PlaybookStepFactory(playbook=playbook, key="one", blocked_by=["first", "left-out"])

    checklist = start(playbook)

    assert [blocker.key for blocker in step_of(checklist).blockers.all()] == ["first"]


def test_a_dated_anchor_dates_its_steps_and_others_wait(playbook):
    PlaybookStepFactory(playbook=playbook, key="one")
    PlaybookStepFactory(playbook=playbook, key="later", anchor="golive")

    checklist = start(playbook, anchors={"kickoff": KICKOFF, "golive": None})

    assert step_of(checklist).due_day == KICKOFF + timedelta(days=3)
    assert step_of(checklist).next_reminder_at is not None
    assert step_of(checklist, "later").due_at is None
    assert step_of(checklist, "later").next_reminder_at is None


def test_anchors_that_only_a_step_names_are_made_undated(playbook):
    PlaybookStepFactory(
        playbook=playbook,
        key="one",
        anchor="handoff",
        sets_anchor="golive",
        repeat=Repeat.WEEKLY,
        repeat_until="planned_end",
    )

    checklist = start(playbook, anchors={})

    found = set(checklist.anchors.values_list("key", "day"))
    assert found == {("handoff", None), ("golive", None), ("planned_end", None)}


def test_anchors_of_the_parent_are_shared_and_the_nearest_wins(playbook):
    PlaybookStepFactory(playbook=playbook, key="one")
    child = PlaybookFactory()
    PlaybookStepFactory(playbook=child, key="inherited")
    PlaybookStepFactory(playbook=child, key="own", anchor="session")
    parent = start(playbook, anchors={"kickoff": KICKOFF, "session": KICKOFF})

    checklist = start(child, parent=parent, anchors={"session": date(2027, 5, 3)})

    assert step_of(checklist, "inherited").anchor == parent.anchors.get(key="kickoff")
    assert step_of(checklist, "own").due_day == date(2027, 5, 6)


def test_r20_open_steps_move_with_their_anchor(playbook):
    PlaybookStepFactory(playbook=playbook, key="one")
    checklist = start(playbook, anchors={"kickoff": KICKOFF})
    before = step_of(checklist).next_reminder_at

    set_anchor(checklist, "kickoff", date(2027, 4, 21), by=None, now=NOW)

    assert step_of(checklist).due_day == date(2027, 4, 24)
    assert step_of(checklist).next_reminder_at > before


def test_r20_steps_of_the_checklists_below_move_too(playbook):
    PlaybookStepFactory(playbook=playbook, key="one")
    parent = start(playbook, anchors={"kickoff": KICKOFF})
    below = start(playbook, parent=parent, anchors={})

    set_anchor(parent, "kickoff", date(2027, 4, 21), by=None, now=NOW)

    assert step_of(below).due_day == date(2027, 4, 24)


def test_r20_done_and_pinned_steps_stay(playbook):
    for key in ("done", "pinned"):
        PlaybookStepFactory(playbook=playbook, key=key)
    checklist = start(playbook, anchors={"kickoff": KICKOFF})
    complete_step(step_of(checklist, "done"), Completion(), by=None, now=NOW)
    checklist.steps.filter(key="pinned").update(pinned=True)

    set_anchor(checklist, "kickoff", date(2027, 4, 21), by=None, now=NOW)

    assert {step.due_day for step in checklist.steps.all()} == {date(2027, 4, 15)}


def test_r20_a_move_is_one_event_with_old_new_and_reason(playbook):
    for number in range(5):
        PlaybookStepFactory(playbook=playbook, key=f"step-{number}")
    checklist, mover = start(playbook, anchors={"kickoff": KICKOFF}), UserFactory()

    set_anchor(
        checklist,
        "kickoff",
        date(2027, 4, 21),
        by=mover,
        reason="They asked for it",
        now=NOW,
    )

    event = Event.objects.get(verb="anchor-moved")
    assert event.changes["kickoff"] == ["2027-04-12", "2027-04-21"]
    assert (event.actor, event.reason) == (mover, "They asked for it")


def test_r20_a_move_is_told_to_the_places_below(playbook, moves):
    PlaybookStepFactory(playbook=playbook, key="one")
    checklist = start(playbook, anchors={"kickoff": KICKOFF})

    set_anchor(checklist, "kickoff", date(2027, 4, 21), by=None, now=NOW)

    assert moves == [
        AnchorMoved(checklist, "kickoff", KICKOFF, date(2027, 4, 21), None, NOW)
    ]


def test_r20_the_same_date_again_moves_nothing(playbook, moves):
    PlaybookStepFactory(playbook=playbook, key="one")
    checklist = start(playbook, anchors={"kickoff": KICKOFF})

    set_anchor(checklist, "kickoff", KICKOFF, by=None, now=NOW + timedelta(days=1))

    assert moves == []
    assert not Event.objects.filter(verb__startswith="anchor").exists()
    assert checklist.anchors.get(key="kickoff").known_since == NOW


def test_an_anchor_dated_first_is_told_as_dated(playbook):
    PlaybookStepFactory(playbook=playbook, key="one")
    checklist = start(playbook)

    set_anchor(checklist, "kickoff", KICKOFF, by=None, now=NOW)

    assert step_of(checklist).due_day == date(2027, 4, 15)
    assert Event.objects.filter(verb="anchor-dated").count() == 1


def test_an_anchor_that_loses_its_date_leaves_its_steps_undated(playbook):
    PlaybookStepFactory(playbook=playbook, key="one", calendar="session")
    checklist = start(playbook, anchors={"kickoff": KICKOFF})

    set_anchor(checklist, "kickoff", None, by=None, now=NOW)

    found = step_of(checklist)
    assert (found.due_at, found.due_day, found.next_reminder_at) == (None, None, None)


def test_r11_a_class_moved_inside_the_span_is_late_by_design(playbook):
    PlaybookStepFactory(
        playbook=playbook,
        key="link",
        anchor="first_session",
        offset_value=-14,
        calendar="session",
        due_at_once=True,
    )
    sydney = ZoneInfo("Australia/Sydney")
    checklist = start(
        playbook,
        zone="Australia/Sydney",
        country="AU",
        anchors={"first_session": datetime(2027, 4, 6, 9, tzinfo=sydney)},
    )
    assert step_of(checklist, "link").due_day == date(2027, 3, 23)

    earlier = datetime(2027, 3, 8, 9, tzinfo=sydney)
    set_anchor(checklist, "first_session", earlier, by=None, now=NOW)

    link = step_of(checklist, "link")
    assert (link.due_day, link.late_by_design) == (date(2027, 3, 1), True)


@pytest.mark.parametrize(
    ("calendar", "anchor", "due"),
    [
        # Tuesday 26 January is Australia Day.
        ("customer", date(2027, 1, 25), date(2027, 1, 27)),
        ("session", date(2027, 1, 29), date(2027, 2, 1)),
        # Friday and Saturday are the weekend in Israel.
        ("owner", date(2027, 1, 28), date(2027, 1, 31)),
        ("company", date(2027, 1, 28), date(2027, 1, 29)),
    ],
)
def test_a_date_is_counted_on_the_calendar_that_the_step_names(
    playbook, calendar, anchor, due
):
    PlaybookStepFactory(
        playbook=playbook,
        key="one",
        calendar=calendar,
        offset_value=1,
        offset_unit=OffsetKind.BUSINESS_DAYS,
    )

    checklist = start(
        playbook,
        people=owners(pc=UserFactory(zone="Asia/Jerusalem", country="IL")),
        customer=CustomerFactory(zone="Australia/Sydney", country="AU"),
        zone="America/New_York",
        country="US",
        anchors={"kickoff": anchor},
    )

    zones = {
        "customer": "Australia/Sydney",
        "session": "America/New_York",
        "owner": "Asia/Jerusalem",
        "company": "Europe/Berlin",
    }
    assert (step_of(checklist).due_day, step_of(checklist).due_zone) == (
        due,
        zones[calendar],
    )


def test_a_step_of_a_pool_is_counted_on_the_calendar_of_its_region(playbook):
    PlaybookStepFactory(playbook=playbook, key="one", calendar="owner")
    region = RegionFactory(zone="Australia/Sydney", country="AU")
    everywhere = PoolFactory(region=None)

    here = start(
        playbook, people=owners(pool=PoolFactory(region=region)), anchors=DATED
    )
    company = start(playbook, people=owners(pool=everywhere), anchors=DATED)

    assert step_of(here).due_zone == "Australia/Sydney"
    assert step_of(company).due_zone == "Europe/Berlin"


def many_steps(count):
    playbook = PlaybookFactory()
    roles = [EngagementRole.PM, EngagementRole.PC, EngagementRole.PSE]
    PlaybookStep.objects.bulk_create(
        PlaybookStepFactory.build(
            playbook=playbook,
            key=f"step-{number}",
            calendar=["owner", "customer", "company"][number % 3],
            owner_role=roles[number % 3],
            blocked_by=["step-0"] if number else [],
        )
        for number in range(count)
    )
    return playbook


def people():
    return owners(
        pm=UserFactory(manager=UserFactory()),
        coordinator=UserFactory(manager=UserFactory()),
    )


def queries_in(act):
    """What the act asks of the database, transactions left out."""
    with CaptureQueriesContext(connection) as queries:
        act()
    asked = [query["sql"] for query in queries.captured_queries]
    return [sql for sql in asked if sql.startswith(("SELECT", "UPDATE", "INSERT"))]


def test_starting_a_checklist_takes_the_same_queries_for_10_and_300_steps():
    counts = []
    for count in (10, 300):
        playbook, holders, customer = many_steps(count), people(), CustomerFactory()
        found = queries_in(
            lambda given=(playbook, holders, customer): start(
                given[0], people=given[1], customer=given[2]
            )
        )
        if connection.vendor == "sqlite":
            # Django splits what it inserts there at 999 values.
            found = [sql for sql in found if not sql.startswith("INSERT")]
        counts.append(len(found))

    assert counts[0] == counts[1]


def test_r20_moving_an_anchor_takes_the_same_queries_for_10_and_300_steps():
    counts = []
    for count in (10, 300):
        checklist = start(
            many_steps(count),
            people=people(),
            customer=CustomerFactory(),
            anchors={"kickoff": KICKOFF},
        )
        found = queries_in(
            lambda given=checklist: set_anchor(
                given, "kickoff", date(2027, 4, 21), by=None, now=NOW
            )
        )
        assert checklist.steps.filter(due_day__gt=KICKOFF).count() == count
        counts.append(len(found))

    assert counts[0] == counts[1] <= 10
