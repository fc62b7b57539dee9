from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from psdelivery.history.models import Event
from psdelivery.outbox.models import Message
from psdelivery.outbox.renderers import renderer_of
from psdelivery.people.choices import Role, TimeOffState
from psdelivery.people.models import TimeOff
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.reminders import scan_reminders
from psdelivery.playbooks.services.steps import complete_step
from tests.factories.engagements import EngagementFactory
from tests.factories.people import PoolFactory, UserFactory
from tests.factories.playbooks import (
    PlaybookFactory,
    PlaybookStepFactory,
    owners,
    start,
)

pytestmark = pytest.mark.django_db

# Two weeks off; the steps are due on Thu 15 April, at 08:00 Berlin she hears of them.
FIRST, LAST = date(2027, 4, 12), date(2027, 4, 23)
DAY = date(2027, 4, 12)
EARLY = datetime(2027, 3, 1, 9, tzinfo=UTC)
MORNING = datetime(2027, 4, 13, 6, 30, tzinfo=UTC)
BACK = datetime(2027, 4, 24, 6, 30, tzinfo=UTC)
LATE = datetime(2027, 4, 16, 6, 30, tzinfo=UTC)


@pytest.fixture
def anna():
    return UserFactory(first_name="Anna", last_name="Smith", roles=[Role.PSE])


@pytest.fixture
def ben():
    return UserFactory(first_name="Ben", last_name="Field", roles=[Role.PSE])


def off(person, deputy=None, **fields):
    given = {"starts_on": FIRST, "ends_on": LAST, "requested_at": EARLY} | fields
    return TimeOff.objects.create(person=person, deputy=deputy, **given)


def step_of(owner, *, count=1, **draft):
    playbook = PlaybookFactory()
    for number in range(count):
        PlaybookStepFactory(
            playbook=playbook,
            key=f"s{number}",
            owner_role="pse",
            title="Call the customer",
        )
    people = owners(pse=owner, **draft.pop("people", {}))
    anchors = {"kickoff": DAY}
    checklist = start(playbook, people=people, now=EARLY, anchors=anchors, **draft)
    return checklist.steps.first()


def mails():
    return [mail for one in Message.objects.all() for mail in [*one.to, *one.cc]]


def text_of(message):
    return renderer_of(message.kind)([message])[message.pk]


def test_r23_a_reminder_goes_to_the_deputy_and_says_for_whom(anna, ben):
    step_of(anna)
    off(anna, ben)

    scan_reminders(now=MORNING)

    message = Message.objects.get()
    assert message.to == [ben.email]
    assert message.why.startswith("Anna Smith is away and you stand in.")
    text = text_of(message)
    assert text.subject == "Due: Call the customer, for Anna Smith"
    assert "Anna Smith is away and you stand in." in text.text


def test_r23_without_a_deputy_the_manager_stands_in(anna):
    boss = UserFactory()
    anna.manager = boss
    anna.save()
    step_of(anna)
    off(anna)

    scan_reminders(now=MORNING)

    assert mails() == [boss.email]


def test_r23_a_deputy_who_is_away_too_passes_it_on(anna, ben):
    carl = UserFactory()
    step_of(anna)
    off(anna, ben)
    off(ben, carl)

    scan_reminders(now=MORNING)

    assert mails() == [carl.email]


def test_r23_where_nobody_is_left_the_pool_has_it(anna):
    pool = PoolFactory(role=Role.COORDINATOR)
    member = UserFactory(roles=[Role.COORDINATOR], region=pool.region)
    step_of(anna, people={"pool": pool})
    off(anna)

    scan_reminders(now=MORNING)

    assert mails() == [member.email]


def test_r23_members_of_a_pool_who_are_away_get_nothing(anna):
    pool = PoolFactory(role=Role.COORDINATOR)
    here = UserFactory(roles=[Role.COORDINATOR], region=pool.region)
    away = UserFactory(roles=[Role.COORDINATOR], region=pool.region)
    off(away)
    step_of(None, people={"pool": pool})

    scan_reminders(now=MORNING)

    assert mails() == [here.email]


def test_r23_an_escalation_goes_to_who_stands_in_and_so_does_its_copy(anna, ben):
    coordinator, deputy = UserFactory(), UserFactory()
    step_of(anna, people={"coordinator": coordinator})
    off(anna, ben)
    off(coordinator, deputy)
    scan_reminders(now=MORNING)

    scan_reminders(now=LATE + timedelta(hours=4))

    last = Message.objects.order_by("-created_at").first()
    assert (last.to, last.cc) == ([deputy.email], [ben.email])
    assert anna.email not in mails()
    assert coordinator.email not in mails()


@pytest.mark.parametrize("state", [TimeOffState.REFUSED, TimeOffState.CANCELLED])
def test_r23_time_off_that_was_not_taken_changes_nothing(anna, ben, state):
    step_of(anna)
    off(anna, ben, state=state)

    scan_reminders(now=MORNING)

    assert mails() == [anna.email]


def test_r23_afterwards_all_returns_by_itself(anna, ben):
    step_of(anna)
    off(anna, ben, ends_on=date(2027, 4, 12))

    scan_reminders(now=MORNING)

    assert mails() == [anna.email]
    assert Step.objects.get().assignee == anna


@pytest.mark.parametrize(
    ("zone", "moment", "is_away"),
    [
        # Sydney is ten hours ahead: her first day begins at 14:00 the day before.
        ("Australia/Sydney", datetime(2027, 4, 11, 13, 59, tzinfo=UTC), False),
        ("Australia/Sydney", datetime(2027, 4, 11, 14, 1, tzinfo=UTC), True),
        ("Australia/Sydney", datetime(2027, 4, 23, 13, 59, tzinfo=UTC), True),
        ("Australia/Sydney", datetime(2027, 4, 23, 14, 1, tzinfo=UTC), False),
        ("America/New_York", datetime(2027, 4, 12, 3, 59, tzinfo=UTC), False),
        ("America/New_York", datetime(2027, 4, 12, 4, 1, tzinfo=UTC), True),
        ("America/New_York", datetime(2027, 4, 24, 3, 59, tzinfo=UTC), True),
        ("America/New_York", datetime(2027, 4, 24, 4, 1, tzinfo=UTC), False),
    ],
)
def test_r23_the_deputy_sees_the_steps_on_the_days_of_who_is_away(
    client, anna, ben, zone, moment, is_away
):
    anna.zone = zone
    anna.save()
    step = step_of(anna)
    off(anna, ben)

    with time_machine.travel(moment, tick=False):
        client.force_login(ben)
        page = client.get(reverse("dashboards:my-day")).content.decode()
        opened = client.get(step.get_absolute_url()).status_code

    assert ("Call the customer" in page) == is_away
    assert ("For Anna Smith, who is away" in page) == is_away
    assert opened == (200 if is_away else 404)


def test_r23_the_deputy_ticks_and_the_history_says_for_whom(client, anna, ben):
    step = step_of(anna, engagement_id=EngagementFactory().pk)
    off(anna, ben)

    with time_machine.travel(MORNING, tick=False):
        client.force_login(ben)
        client.post(reverse("playbooks:step-complete", args=[step.pk]))

    event = Event.objects.get(verb="step-completed")
    assert (event.actor, event.on_behalf_of) == (ben, anna)
    step.refresh_from_db()
    assert (step.done_by, step.assignee) == (ben, anna)


def test_r23_who_does_not_stand_in_acts_for_themselves(anna, ben):
    step = step_of(anna)

    complete_step(step, Completion(), by=ben, now=MORNING)

    assert Event.objects.get(verb="step-completed").on_behalf_of is None


def test_r23_the_deputy_may_not_tick_when_the_time_off_is_over(client, anna, ben):
    step = step_of(anna)
    off(anna, ben)

    with time_machine.travel(BACK, tick=False):
        client.force_login(ben)
        answer = client.post(reverse("playbooks:step-complete", args=[step.pk]))

    assert answer.status_code == 404


def test_r23_my_day_takes_the_same_queries_for_3_and_30_steps_of_somebody_else(
    client, anna, ben
):
    off(anna, ben)
    counts = []
    for count in (3, 3, 30):
        step_of(anna, count=count)
        with time_machine.travel(MORNING, tick=False):
            client.force_login(ben)
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("dashboards:my-day"))
        counts.append(len(queries))

    assert counts[1] == counts[2]


def test_r23_the_scan_takes_the_same_queries_for_3_and_30_people_away():
    counts = []
    for count in (3, 30):
        for _number in range(count):
            person, deputy = UserFactory(), UserFactory()
            step_of(person)
            off(person, deputy)
        with CaptureQueriesContext(connection) as queries:
            assert scan_reminders(now=MORNING) == count
        counts.append(len(queries))

    assert counts[0] == counts[1]
