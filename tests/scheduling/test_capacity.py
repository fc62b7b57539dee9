"""What somebody can work on a day, and that hard bookings never exceed it (R-6)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from psdelivery.calendars import Calendar
from psdelivery.people.rules.hours import LONGEST_DAY, usual_week
from psdelivery.registry import RuleRefused
from scheduling.capacity_facts import Span
from scheduling.choices import DayOff, ExtraDayState, Hold
from scheduling.models import Allocation, CapacityDay, ExtraDay
from scheduling.rules.booking import spread
from scheduling.rules.capacity import DayCapacity, DayFacts, capacity_of
from scheduling.services.bookings import Change, change, release
from scheduling.services.capacity import rebuild_days
from tests.factories.people import TimeOffFactory, UserFactory
from tests.factories.scheduling import (
    MONDAY,
    NOW,
    booked,
    startable,
    wanted,
    workdays,
)

BERLIN = Calendar("Europe/Berlin", "DE", "BE")
WEEK = usual_week("DE")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("day", "facts", "expected"),
    [
        (date(2027, 3, 15), {}, DayCapacity(Decimal(8))),
        (date(2027, 3, 13), {}, DayCapacity(Decimal(0), DayOff.WEEKEND)),
        # Women's day is a holiday in Berlin alone.
        (date(2027, 3, 8), {}, DayCapacity(Decimal(0), DayOff.HOLIDAY)),
        (date(2027, 3, 15), {"away": LONGEST_DAY}, DayCapacity(Decimal(0), "away")),
        (date(2027, 3, 15), {"away": Decimal(3)}, DayCapacity(Decimal(5))),
        (date(2027, 3, 13), {"extra": Decimal(6)}, DayCapacity(Decimal(6))),
        (date(2027, 3, 8), {"extra": Decimal(4)}, DayCapacity(Decimal(4))),
        (date(2027, 3, 15), {"extra": Decimal(20)}, DayCapacity(Decimal(24))),
        (date(2027, 3, 15), {"has_left": True}, DayCapacity(Decimal(0), "left")),
        (
            date(2027, 3, 15),
            {"away": LONGEST_DAY, "extra": Decimal(4)},
            DayCapacity(Decimal(0), "away"),
        ),
    ],
)
def test_r6_capacity_follows_from_hours_holidays_time_off_and_extra_days(
    day, facts, expected
):
    assert capacity_of(day, DayFacts(week=WEEK, **facts), BERLIN) == expected


@pytest.mark.unit
@given(
    total=st.integers(0, 400).map(lambda n: Decimal(n) / 4),
    free=st.lists(st.integers(0, 40).map(lambda n: Decimal(n) / 4), max_size=12),
)
def test_hours_are_spread_in_quarters_up_to_what_is_free(total, free):
    days = {MONDAY + timedelta(days=n): hours for n, hours in enumerate(free)}

    result = spread(total, days)

    assert sum(result.values()) == min(total, sum(free))
    assert all(0 < hours <= days[day] for day, hours in result.items())
    assert all(hours % Decimal("0.25") == 0 for hours in result.values())


@pytest.fixture
def ann(db):
    return UserFactory(country="DE")


def day_of(person, day=MONDAY):
    row = CapacityDay.objects.get(person=person, day=day)
    return row.hard, row.soft, row.overbooked


def test_r6_a_hard_booking_takes_the_days_and_no_more(ann):
    engagement = startable()
    booked(ann, engagement, hold=Hold.HARD, days=workdays(hours=6))

    with pytest.raises(RuleRefused) as refused:
        booked(ann, startable(), hold=Hold.HARD, days=workdays(hours=3))

    assert [reason.code for reason in refused.value.reasons] == ["overbooked"] * 5
    assert "2 of 8 hours are free" in refused.value.reasons[0].sentence
    assert Allocation.objects.count() == 1
    assert day_of(ann) == (6, 0, False)


def test_r6_soft_may_exceed_what_the_day_has(ann):
    booked(ann, hold=Hold.HARD)
    booked(ann, hold=Hold.SOFT)
    booked(ann, hold=Hold.SOFT)

    assert day_of(ann) == (8, 16, False)


def test_r6_making_a_soft_hold_hard_is_asked_like_a_new_booking(ann):
    booked(ann, hold=Hold.HARD, days=workdays(hours=6))
    engagement = startable()
    soft = booked(ann, engagement, days=workdays(hours=4))

    with pytest.raises(RuleRefused):
        change(
            soft,
            wanted(ann, engagement, hold=Hold.HARD, days=workdays(hours=4)),
            Change(),
            by=None,
            now=NOW,
        )

    change(
        soft,
        wanted(ann, engagement, hold=Hold.HARD, days=workdays(hours=2)),
        Change(),
        by=None,
        now=NOW,
    )
    assert day_of(ann) == (8, 0, False)


def test_r6_nobody_is_booked_hard_on_a_day_off(ann):
    TimeOffFactory(person=ann, starts_on=MONDAY, ends_on=MONDAY)

    with pytest.raises(RuleRefused) as refused:
        booked(ann, hold=Hold.HARD)

    assert [one.sentence for one in refused.value.reasons] == ["Mon 15 Mar 2027: away."]


def test_r6_the_table_itself_refuses_more_than_a_day_has(ann):
    booked(ann, hold=Hold.HARD)

    with pytest.raises(IntegrityError), transaction.atomic():
        CapacityDay.objects.filter(person=ann, day=MONDAY).update(hard=9)


def test_r6_facts_are_never_refused_and_leave_a_mark(ann):
    engagement = startable()
    allocation = booked(ann, engagement, hold=Hold.HARD)
    TimeOffFactory(person=ann, starts_on=MONDAY, ends_on=MONDAY)

    over = rebuild_days(ann, Span(MONDAY, MONDAY + timedelta(days=6)))

    assert [row.day for row in over] == [MONDAY]
    assert day_of(ann) == (8, 0, True)
    # Shortening what stands there is no enlargement.
    fewer = wanted(ann, engagement, hold=Hold.HARD, days=workdays(hours=4))
    change(allocation, fewer, Change(), by=None, now=NOW)
    assert day_of(ann) == (4, 0, True)
    release(allocation, Change(reason="Ill"), by=None, now=NOW)
    assert day_of(ann) == (0, 0, False)


def test_r6_an_agreed_extra_day_can_be_booked(ann):
    saturday = MONDAY + timedelta(days=5)
    with pytest.raises(RuleRefused):
        booked(ann, hold=Hold.HARD, days={saturday: Decimal(4)})
    ExtraDay.objects.create(
        person=ann,
        engagement=startable(),
        day=saturday,
        hours=4,
        kind="weekend",
        reason="Go-live",
        state=ExtraDayState.AGREED,
        asked_by=ann,
        asked_at=NOW,
        granted_at=NOW,
        consented_at=NOW,
    )
    rebuild_days(ann, Span(saturday, saturday))

    booked(ann, hold=Hold.HARD, days={saturday: Decimal(4)})

    assert day_of(ann, saturday) == (4, 0, False)


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ({}, "no-days"),
        ({MONDAY: Decimal(0)}, "hours"),
        ({MONDAY: Decimal(25)}, "hours"),
        ({MONDAY: Decimal("1.1")}, "quarter"),
        ({MONDAY: Decimal(1), MONDAY + timedelta(days=3650): Decimal(1)}, "too-long"),
        ({date(1999, 1, 1): Decimal(1)}, "day-far"),
    ],
)
def test_bad_days_are_refused_in_words(ann, days, code):
    with pytest.raises(RuleRefused) as refused:
        booked(ann, days=days)

    assert [reason.code for reason in refused.value.reasons] == [code]
    assert not Allocation.objects.exists()
