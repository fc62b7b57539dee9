from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psdelivery.calendars import Calendar
from scheduling.choices import DayOff
from scheduling.rules.board import DayLoad
from scheduling.rules.planning import (
    Plan,
    WantedHours,
    best_days,
    exceeded_days,
    plan_for_nobody,
    plan_for_person,
    warning_of_exceeding,
)

pytestmark = pytest.mark.unit

MONDAY = date(2027, 3, 15)
BERLIN = Calendar("Europe/Berlin", "DE")


def week(*loads):
    """Days from a Monday on, each a load; a number is a free day of so many hours."""
    return {
        MONDAY + timedelta(days=n): one
        if isinstance(one, DayLoad)
        else DayLoad(Decimal(one))
        for n, one in enumerate(loads)
    }


def planned(loads, *, is_hard=True, **wanted):
    hours = {
        name: Decimal(str(value)) if name != "any_days" else value
        for name, value in wanted.items()
    }
    return plan_for_person(list(loads), loads, WantedHours(**hours), is_hard=is_hard)


def codes(plan):
    return [reason.code for reason in plan.reasons]


def test_hours_in_total_are_spread_evenly():
    plan = planned(week(8, 8, 8, 8, 8), total=20)

    assert list(plan.days.values()) == [Decimal(4)] * 5


def test_weekends_and_holidays_are_left_out_of_hours_a_day():
    weekend = DayLoad(Decimal(0), off=DayOff.WEEKEND)
    holiday = DayLoad(Decimal(0), off=DayOff.HOLIDAY)

    plan = planned(week(8, holiday, 8, 8, 8, weekend, weekend), per_day=8)

    assert plan.hours == 32


def test_being_away_is_told_and_not_passed_over():
    away = DayLoad(Decimal(0), off=DayOff.AWAY)

    plan = planned(week(8, away, 8), per_day=8)

    # The day is asked for: booking it hard is refused with its reason.
    assert plan.days[MONDAY + timedelta(days=1)] == 8


def test_a_holiday_only_range_has_no_day():
    holiday = DayLoad(Decimal(0), off=DayOff.HOLIDAY)

    assert codes(planned(week(holiday), total=8)) == ["no-working-day"]


def test_hours_go_beside_soft_holds_first():
    loads = week(DayLoad(Decimal(8), soft=Decimal(8)), 8)

    assert planned(loads, total=8).days == {MONDAY + timedelta(days=1): 8}
    assert planned(loads, total=12).days[MONDAY] == 4


def test_hard_hours_that_do_not_fit_are_told_day_by_day():
    loads = week(DayLoad(Decimal(8), hard=Decimal(6)), 8)

    plan = planned(loads, total=16)

    assert codes(plan) == ["hours-many", "tight"]
    assert plan.reasons[1].sentence == "Mon 15 Mar 2027: 2 of 8 hours are free."


def test_soft_hours_go_over_hard_ones():
    loads = week(DayLoad(Decimal(8), hard=Decimal(6)), 8)

    plan = planned(loads, total=16, is_hard=False)

    assert (plan.hours, plan.reasons) == (16, [])
    assert codes(planned(loads, total=17, is_hard=False))[0] == "hours-many"


def test_of_any_days_the_roomiest_are_taken_and_the_earlier_of_equals():
    loads = week(4, 8, DayLoad(Decimal(8), soft=Decimal(6)), 8, 8)

    chosen = best_days(list(loads), loads, 2)

    assert chosen == [MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)]


def test_nobody_works_on_the_customers_holidays():
    days = [MONDAY + timedelta(days=n) for n in range(14)]

    plan = plan_for_nobody(days, WantedHours(total=Decimal(36)), BERLIN)

    # Fri 26 March 2027 is Good Friday.
    assert date(2027, 3, 26) not in plan.days
    assert set(plan.days.values()) == {Decimal(4)}


def test_a_day_of_nobody_has_at_most_24_hours():
    plan = plan_for_nobody([MONDAY], WantedHours(total=Decimal(25)), BERLIN)

    assert codes(plan) == ["hours-many"]
    assert plan.hours == 24


def test_r6_a_day_is_exceeded_when_soft_counts_too():
    loads = week(DayLoad(Decimal(8), Decimal(2), Decimal(4)), 8)
    second = MONDAY + timedelta(days=1)

    assert exceeded_days({MONDAY: Decimal(2), second: Decimal(8)}, loads) == []
    assert exceeded_days({MONDAY: Decimal("2.25")}, loads) == [MONDAY]


def test_r6_the_warning_names_the_others():
    load = DayLoad(Decimal(8), Decimal(6))

    words = warning_of_exceeding(MONDAY, load, ["Acme (6 h, hard)", "Beta (1 h, soft)"])

    assert words == (
        "Mon 15 Mar 2027 has 8 hours, also booked: Acme (6 h, hard), Beta (1 h, soft)."
    )
    away = DayLoad(Decimal(0), off=DayOff.AWAY)
    assert warning_of_exceeding(MONDAY, away, []) == "Mon 15 Mar 2027: away."
    assert warning_of_exceeding(MONDAY, DayLoad(Decimal(4)), []) == (
        "Mon 15 Mar 2027 has only 4 hours."
    )


QUARTERS = st.integers(0, 40).map(lambda n: Decimal(n) / 4)
LOADS = st.lists(
    st.builds(DayLoad, QUARTERS, QUARTERS, QUARTERS), min_size=1, max_size=9
)


@given(LOADS, st.integers(1, 200).map(lambda n: Decimal(n) / 4))
def test_r6_a_plan_of_hard_hours_never_exceeds_a_day(loads, total):
    known = week(*loads)

    plan = plan_for_person(list(known), known, WantedHours(total=total), is_hard=True)

    for day, hours in plan.days.items():
        assert 0 < hours <= max(known[day].capacity - known[day].hard, 0)
    assert plan.hours <= total
    assert bool(plan.reasons) == (plan.hours < total)


def test_a_plan_of_nothing_has_no_hours():
    assert Plan().hours == 0
