"""What is asked for in countable form, and how it fits into days."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psdelivery.calendars import Calendar
from scheduling.rules.booking import spread
from scheduling.rules.demand import Asked, demand_of, is_enough, plan_for, spread_over

pytestmark = pytest.mark.unit

BERLIN = Calendar("Europe/Berlin", "DE", "BE")
# Fri 5 to Tue 9 March 2027; the Monday is a holiday in Berlin.
FRIDAY = date(2027, 3, 5)
DAYS = [date(2027, 3, day) for day in range(5, 10)]


def demanded(**wanted):
    return demand_of(Asked(days=wanted.pop("days", DAYS), **wanted), BERLIN)


def test_weekends_and_holidays_of_the_work_do_not_count():
    assert demanded(per_day=Decimal(8)).days == (FRIDAY, date(2027, 3, 9))


def test_who_asks_for_a_saturday_alone_means_the_saturday():
    saturday = date(2027, 3, 6)

    assert demanded(days=[saturday], per_day=Decimal(4)).days == (saturday,)


def test_hours_a_day_are_wanted_on_each_of_the_days():
    demand = demanded(per_day=Decimal("7.5"))

    assert (demand.needed, demand.per_day, demand.total) == (2, 30, 60)
    assert plan_for(demand, [32, 30]) == {0: 30, 1: 30}
    assert plan_for(demand, [32, 29]) is None


def test_hours_in_total_are_spread_over_what_is_free():
    demand = demanded(total=Decimal(10))

    assert demand.is_spread
    assert plan_for(demand, [8, 40]) == {0: 8, 1: 32}
    assert plan_for(demand, [8, 31]) is None


def test_any_two_days_are_the_first_two_that_fit():
    week = [date(2027, 3, day) for day in range(15, 20)]
    demand = demanded(days=week, per_day=Decimal(8), any_days=2)

    assert plan_for(demand, [0, 32, 31, 32, 32]) == {1: 32, 3: 32}


def test_hours_in_total_on_any_days_are_the_same_on_each():
    week = [date(2027, 3, day) for day in range(15, 20)]
    demand = demanded(days=week, total=Decimal("20.25"), any_days=3)

    assert plan_for(demand, [32, 32, 26, 32, 32]) == {0: 27, 1: 27, 3: 27}


def test_less_than_a_quarter_a_day_takes_fewer_days():
    demand = demanded(total=Decimal("0.25"), any_days=2)

    assert plan_for(demand, [4, 4]) == {0: 1}


def test_without_hours_it_is_a_usual_day_each():
    assert demanded().per_day == 32


def test_nothing_fits_where_there_is_no_day():
    assert not is_enough(demanded(days=[], per_day=Decimal(8)), [])


@given(st.integers(1, 400), st.lists(st.integers(-4, 96), min_size=1, max_size=8))
def test_quarters_are_spread_as_the_hours_of_a_booking_are(total, hours):
    days = {date(2027, 3, 1 + n): Decimal(h) / 4 for n, h in enumerate(hours)}
    wanted = spread(Decimal(total) / 4, days)
    found = spread_over(total, hours)

    if sum(wanted.values()) < Decimal(total) / 4:
        assert found is None
    else:
        told = {day.day - 1: int(share * 4) for day, share in wanted.items()}
        assert found == told
