from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from engagements.services.changes import request_change
from psdelivery.dashboards.queries import my_day_of
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.people.services.people import mark_left
from psdelivery.people.services.settings import change_setting
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import complete_step, reopen_step
from psdelivery.registry import RuleRefused
from scheduling.choices import Hold, HoursState
from scheduling.hours_settings import SOURCE
from scheduling.models import AllocationDay, HoursPart, HoursWeek
from scheduling.services.bookings import Change, release
from scheduling.services.hours.approving import approve, send_back
from scheduling.services.hours.weeks import look_at_weeks
from tests.factories.engagements import (
    EngagementFactory,
    TeamMemberFactory,
    open_gate,
    registered,
)
from tests.factories.hours import (
    FRIDAY,
    NOW,
    as_planned,
    confirmed,
    day,
    deciding,
    part_of,
    planned,
    running,
    typed,
)
from tests.factories.people import UserFactory
from tests.factories.scheduling import booked
from tests.factories.shipped import ship_playbooks

pytestmark = pytest.mark.django_db
# Monday morning of the booked week, in Berlin.
MONDAY_8 = datetime(2027, 3, 15, 7, 0, tzinfo=UTC)
BERLIN = {"zone": "Europe/Berlin", "country": "DE"}


@pytest.fixture(autouse=True)
def playbooks(db):
    ship_playbooks()


@pytest.fixture
def pm():
    return UserFactory(first_name="Paul", roles=[Role.PM], **BERLIN)


@pytest.fixture
def work(pm):
    return running(pm)


@pytest.fixture
def eve():
    """An engineer in Berlin."""
    return UserFactory(first_name="Eve", roles=[Role.PSE], **BERLIN)


def step_of(person):
    return Step.objects.get(checklist__hours_week_owner__person=person)


def approval_of(person):
    return Step.objects.get(checklist__hours_approval_owner__approver=person)


def tick(step, by):
    return complete_step(step, Completion(), by=by, now=NOW)


def test_who_is_booked_hard_is_asked_until_friday(eve, ben, work):
    planned(eve, work)
    booked(ben, work, hold=Hold.SOFT)
    UserFactory(roles=[Role.PSE])

    assert look_at_weeks(MONDAY_8) == 1
    assert look_at_weeks(MONDAY_8) == 0

    step = step_of(eve)
    assert (step.assignee, step.due_day, step.due_is_day) == (eve, FRIDAY, True)
    assert step.due_at == datetime(2027, 3, 19, 23, 0, tzinfo=UTC)
    # The owner hears of it on Friday morning, and nobody else before.
    assert step.next_reminder_at == datetime(2027, 3, 19, 7, 0, tzinfo=UTC)
    assert HoursWeek.objects.get().person == eve


def test_a_week_opens_where_it_is_monday(work):
    sydney = UserFactory(zone="Australia/Sydney")
    denver = UserFactory(zone="America/Denver")
    for person in (sydney, denver):
        planned(person, work)
    # Sunday evening in Europe: already Monday in Sydney.
    sunday = MONDAY_8 - timedelta(hours=12)

    assert look_at_weeks(sunday) == 1
    assert list(HoursWeek.objects.values_list("person", flat=True)) == [sydney.pk]


def test_ticking_the_step_on_my_day_confirms_the_week(eve, work):
    planned(eve, work)
    look_at_weeks(MONDAY_8)
    (row,) = [one for part in my_day_of(eve, NOW).sections for one in part.rows]
    assert row.step.tick_way == "click"
    assert row.why == "Yours"

    tick(step_of(eve), eve)

    part = HoursPart.objects.get()
    assert (part.state, part.hours) == (HoursState.SUBMITTED, 40)
    assert HoursWeek.objects.get().confirmed_at == NOW


def test_undoing_the_tick_takes_the_confirmation_back_until_it_is_approved(
    eve, work, pm
):
    planned(eve, work)
    look_at_weeks(MONDAY_8)
    step = tick(step_of(eve), eve)

    reopen_step(step, by=eve, now=NOW)

    assert HoursPart.objects.get().state == HoursState.DRAFT
    assert HoursWeek.objects.get().confirmed_at is None
    assert approval_of(pm).state == StepState.DONE
    tick(step, eve)
    approve(HoursPart.objects.get(), None, deciding(pm))
    with pytest.raises(RuleRefused, match="a correction changes them now"):
        reopen_step(step, by=eve, now=NOW)


def test_nobody_confirms_for_somebody_else(eve, work, coordinator):
    planned(eve, work)
    look_at_weeks(MONDAY_8)

    with pytest.raises(RuleRefused, match="Eve .* confirms the own hours"):
        tick(step_of(eve), coordinator)


def test_confirming_on_the_page_ticks_the_step(eve, work):
    planned(eve, work)
    look_at_weeks(MONDAY_8)

    confirmed(eve, typed(work, 8))

    assert step_of(eve).state == StepState.DONE


def test_the_approver_has_one_step_a_week_until_monday_noon(eve, ben, work, pm):
    for person in (eve, ben):
        planned(person, work)
        as_planned(person)
    own, other = HoursPart.objects.order_by("pk")

    step = approval_of(pm)
    assert step.due_at == datetime(2027, 3, 22, 11, 0, tzinfo=UTC)
    assert not step.due_is_day
    with pytest.raises(RuleRefused, match="Hours wait for you"):
        tick(step, pm)

    approve(own, None, deciding(pm))
    assert approval_of(pm).is_open
    approve(other, None, deciding(pm))
    assert approval_of(pm).state == StepState.DONE


def test_what_comes_later_opens_the_step_again(eve, ben, work, pm):
    planned(eve, work)
    approve(part_of(as_planned(eve), work), None, deciding(pm))
    assert approval_of(pm).state == StepState.DONE

    confirmed(ben, typed(work, 2))

    assert approval_of(pm).is_open


def test_hours_that_go_back_are_asked_for_again(eve, work, pm):
    planned(eve, work)
    look_at_weeks(MONDAY_8)
    tick(step_of(eve), eve)

    send_back(HoursPart.objects.get(), "Not the whole week", None, deciding(pm))

    assert step_of(eve).is_open
    assert approval_of(pm).state == StepState.DONE


def test_what_has_no_named_approver_waits_for_the_pool(eve):
    internal = EngagementFactory(kind="internal", status="active")

    confirmed(eve, typed(internal, 2))

    step = Step.objects.get(key="hours-approve")
    assert (step.pool.role, step.pool.region) == (Role.COORDINATOR, internal.region)


def test_without_a_booking_nobody_is_asked_any_more(eve, work):
    booking = planned(eve, work)
    look_at_weeks(MONDAY_8)

    why = Change(cause="us", reason="Called off", version=None)
    release(booking, why, by=None, now=MONDAY_8)
    look_at_weeks(MONDAY_8)
    assert step_of(eve).state == StepState.CANCELLED

    planned(eve, work)
    look_at_weeks(MONDAY_8)
    assert step_of(eve).is_open


def test_who_leaves_is_not_asked_and_their_approvals_go_on(eve, work, pm):
    pm.manager = UserFactory()
    pm.save()
    planned(eve, work)
    look_at_weeks(MONDAY_8)
    confirmed(eve, typed(work, 8))
    planned(pm, work, role=EngagementRole.PM)
    look_at_weeks(MONDAY_8)

    mark_left(pm, reason="Gone", by=None, now=NOW)

    assert Step.objects.get(checklist__hours_week_owner__person=pm).state == "cancelled"
    assert HoursPart.objects.get().approver_id != pm.pk


def test_once_hours_are_imported_there_are_no_sheets(eve, ben, work, pm):
    for person in (eve, ben):
        planned(person, work)
    look_at_weeks(MONDAY_8)
    as_planned(ben)

    change_setting(SOURCE, "imported", by=None, now=NOW)

    keys = ["hours-confirm", "hours-approve"]
    assert not Step.objects.open().filter(key__in=keys).exists()
    planned(UserFactory(), work)
    assert look_at_weeks(MONDAY_8) == 0

    # Back in the portal the week that still waits is asked for again.
    change_setting(SOURCE, "portal", by=None, now=NOW)
    look_at_weeks(MONDAY_8)
    assert step_of(eve).is_open


def test_the_look_asks_as_often_for_a_few_people_as_for_many(
    work, django_assert_num_queries
):
    for count in (3, 27):
        people = [UserFactory() for _number in range(count)]
        HoursWeek.objects.bulk_create(
            HoursWeek(person=person, ends_on=FRIDAY) for person in people
        )
        for person in people:
            planned(person, work, days={day(0): Decimal("0.25")})
        with django_assert_num_queries(9):
            assert look_at_weeks(MONDAY_8) == 0
    assert AllocationDay.objects.count() == 30


def test_some_people_are_asked_at_a_time(work):
    for _number in range(3):
        planned(UserFactory(), work, days={day(0): Decimal(1)})

    assert [look_at_weeks(MONDAY_8, limit=2) for _look in range(3)] == [2, 1, 0]


def test_a_201st_hour_asks_for_an_exception_and_is_not_lost(eve, pm):
    work = registered(hours=Decimal(200), team=[(EngagementRole.PM, pm)],
                      opportunity_stage=5, forecast_category="commit")  # fmt: skip
    open_gate(work)
    TeamMemberFactory(engagement=work, role="pse", person=eve)
    weeks = [FRIDAY - timedelta(weeks=number) for number in range(9)]
    for friday in weeks[1:]:
        first = friday - timedelta(days=4)
        confirmed(eve, typed(work, 5, 5, 5, 5, 5, first=first), ends_on=friday)
    asked = Step.objects.filter(title__startswith="Request a work exception")
    assert not asked.exists()

    week = confirmed(eve, typed(work, 1))

    part = part_of(week, work)
    assert (part.hours, part.state) == (1, HoursState.SUBMITTED)
    step = asked.get()
    assert step.title.endswith("1 hours beyond what was sold")
    assert (step.assignee, part.exception_step) == (pm, step)
    url = reverse("engagements:change-add", args=[work.pk])
    assert step.subject_url == f"{url}?kind=over_time&hours=1"

    # Asked for, the step is done; and it is not asked for twice.
    confirmed(eve, typed(work, 2))
    assert asked.count() == 1
    request_change(exception_of(work), by=pm, now=NOW)
    assert asked.get().state == StepState.DONE


def exception_of(work):
    from engagements.models import Change as WorkChange

    return WorkChange(
        engagement=work, kind="over_time", title="Two hours more",
        reason="The runner failed", label="product", hours=Decimal(2),
    )  # fmt: skip


def test_hours_that_fall_back_into_what_was_sold_ask_for_nothing(eve, pm):
    work = registered(hours=Decimal(10), team=[(EngagementRole.PM, pm)])
    confirmed(eve, typed(work, 8, 4))
    asked = Step.objects.get(title__startswith="Request a work exception")

    confirmed(eve, typed(work, 8, 2))

    asked.refresh_from_db()
    assert asked.state == StepState.CANCELLED
