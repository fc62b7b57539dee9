"""A fact took booked days: somebody decides what becomes of them (R-6)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from psdelivery.calendars import Calendar
from psdelivery.history.models import Event
from psdelivery.outbox.models import Message
from psdelivery.people.choices import EngagementRole, TimeOffKind
from psdelivery.people.rules.time_off import TimeOffDraft
from psdelivery.people.services import (
    cancel_time_off,
    enter_time_off,
    mark_left,
    set_working_hours,
)
from scheduling.choices import ConflictCause, ConflictState, Hold
from scheduling.models import Allocation, CapacityDay, ConflictCase
from scheduling.rules.conflicts import decision_day
from scheduling.services.bookings import Change, change, release
from tests.factories.engagements import open_gate, registered
from tests.factories.scheduling import MONDAY, NOW, booked, wanted, workdays

BERLIN = Calendar("Europe/Berlin", "DE", "BE")


@pytest.fixture
def engagement(coordinator, shipped):
    return startable(coordinator)


def startable(coordinator):
    return open_gate(
        registered(
            team=[(EngagementRole.PC, coordinator)],
            opportunity_stage=5,
            forecast_category="commit",
        )
    )


def away(person, first=MONDAY, last=None, kind=TimeOffKind.SICKNESS, now=NOW, **fields):
    draft = TimeOffDraft(kind=kind, starts_on=first, ends_on=last or first, **fields)
    return enter_time_off(person, draft, by=None, now=now)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("first_day", "today", "expected"),
    [
        (date(2027, 3, 15), date(2027, 3, 1), date(2027, 3, 3)),
        # The working day before the first one that is gone.
        (date(2027, 3, 15), date(2027, 3, 11), date(2027, 3, 12)),
        # Women's day is a day off in Berlin.
        (date(2027, 3, 9), date(2027, 3, 5), date(2027, 3, 5)),
        (date(2027, 3, 11), date(2027, 3, 11), date(2027, 3, 11)),
    ],
)
def test_r6_a_conflict_is_decided_in_two_business_days_or_before_it_hits(
    first_day, today, expected
):
    assert decision_day(first_day, today, 2, BERLIN) == expected


def test_r6_sickness_opens_a_case_with_a_step_for_the_coordinator(
    ann, engagement, coordinator
):
    allocation = booked(ann, engagement, hold=Hold.HARD)

    away(ann, MONDAY, MONDAY + timedelta(days=1))

    case = ConflictCase.objects.get()
    assert (case.cause, case.starts_on, case.ends_on) == (
        ConflictCause.SICKNESS,
        MONDAY,
        MONDAY + timedelta(days=1),
    )
    assert list(case.allocations.all()) == [allocation]
    assert case.step.assignee == coordinator
    assert case.step.title == (
        "Ann A cannot work as booked on Mon 15 Mar 2027 – Tue 16 Mar 2027"
    )
    assert case.step.subject_url == case.get_absolute_url()
    event = Event.objects.get(verb="conflict-opened")
    assert "sick" not in str(event.changes).lower()


def test_r6_each_engagement_that_is_hit_has_a_case_of_its_own(
    ann, coordinator, shipped
):
    one, other = startable(coordinator), startable(coordinator)
    booked(ann, one, hold=Hold.HARD, days=workdays(hours=4))
    booked(ann, other, hold=Hold.HARD, days=workdays(hours=4))

    away(ann)

    assert {case.engagement for case in ConflictCase.objects.all()} == {one, other}


def test_soft_holds_open_no_conflict(ann, engagement):
    booked(ann, engagement)

    away(ann)

    assert not ConflictCase.objects.exists()


def test_r6_part_of_a_day_takes_what_it_takes(ann, engagement):
    booked(ann, engagement, hold=Hold.HARD, days=workdays(hours=6))

    away(ann, hours_per_day=Decimal(2))
    assert not ConflictCase.objects.exists()

    away(ann, MONDAY + timedelta(days=1), hours_per_day=Decimal("2.25"))
    assert ConflictCase.objects.get().starts_on == MONDAY + timedelta(days=1)
    row = CapacityDay.objects.get(person=ann, day=MONDAY)
    assert (row.capacity, row.overbooked) == (6, False)


def test_r6_shorter_hours_and_leaving_open_conflicts_too(ann, engagement):
    booked(ann, engagement, hold=Hold.HARD)

    set_working_hours(
        ann, MONDAY, [Decimal(4)] * 5 + [Decimal(0)] * 2, by=None, now=NOW
    )
    assert ConflictCase.objects.get().cause == ConflictCause.HOURS

    mark_left(ann, reason="", by=None, now=NOW)
    row = CapacityDay.objects.get(person=ann, day=MONDAY)
    assert (row.capacity, row.off, row.overbooked) == (0, "left", True)


def test_taking_time_off_back_closes_case_and_step(ann, engagement):
    booked(ann, engagement, hold=Hold.HARD)
    time_off = away(ann)

    cancel_time_off(time_off, by=None, now=NOW)

    case = ConflictCase.objects.get()
    case.step.refresh_from_db()
    assert (case.state, case.step.state) == (ConflictState.RESOLVED, "done")


def test_moving_or_releasing_the_days_closes_the_case(ann, engagement):
    allocation = booked(ann, engagement, hold=Hold.HARD)
    away(ann, MONDAY, MONDAY + timedelta(days=4))
    later = workdays(MONDAY + timedelta(days=7))

    change(
        allocation,
        wanted(ann, engagement, hold=Hold.HARD, days=later),
        Change(reason="Ill", cause="illness"),
        by=None,
        now=NOW,
    )

    assert ConflictCase.objects.get().state == ConflictState.RESOLVED


def test_a_case_stays_open_while_one_of_its_days_is_over(ann, engagement):
    allocation = booked(ann, engagement, hold=Hold.HARD)
    away(ann, MONDAY, MONDAY + timedelta(days=4))

    release(
        allocation,
        Change(reason="Ill"),
        from_day=MONDAY + timedelta(days=1),
        by=None,
        now=NOW,
    )

    assert ConflictCase.objects.get().state == ConflictState.OPEN
    assert Allocation.objects.get().hours == 8


def test_the_coordinator_is_told_at_once_when_the_first_day_is_near(ann, engagement):
    booked(ann, engagement, hold=Hold.HARD)
    near = NOW + timedelta(days=13)

    away(ann, now=near)

    mail = Message.objects.get(kind="approval")
    assert mail.subject == "Ann A cannot work as booked on Mon 15 Mar 2027"
    assert "sick" not in mail.text.lower()


def test_the_coordinator_is_not_mailed_when_there_is_time(ann, engagement):
    booked(ann, engagement, hold=Hold.HARD)

    away(ann)

    assert not Message.objects.filter(kind="approval").exists()
