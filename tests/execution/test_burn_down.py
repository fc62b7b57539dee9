"""The burn-down against sums that were done by hand."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from engagements.execution.burn_down_chart import chart_of
from engagements.execution.rules.burn_down import Budget, burn_down_of
from engagements.rules.hours import WeekOfHours, WorkedHours

pytestmark = pytest.mark.unit

FIRST_FRIDAY = date(2027, 1, 8)
WEDNESDAY = date(2027, 2, 3)


def week(number, planned=20, approved=0, waiting=0):
    ends_on = FIRST_FRIDAY + timedelta(weeks=number - 1)
    return WeekOfHours(ends_on, D(planned), D(waiting), D(approved))


def ten_weeks():
    """T&M: 200 hours over ten weeks, as it stands on the Wednesday of the fifth."""
    return WorkedHours(
        (
            week(1, approved="18.25"),
            week(2, approved="22.5"),
            week(3, approved="24.75"),
            week(4, approved="12.25", waiting="7.75"),
            week(5, waiting="6.5"),
            *(week(number) for number in range(6, 11)),
        )
    )


def test_200_hours_over_ten_weeks_are_right_to_the_quarter_hour():
    # 18.25 + 22.5 + 24.75 + 12.25 + 7.75 + 6.5 = 92, of 180 sold and 20 more.
    found = burn_down_of(ten_weeks(), Budget(D(180), D(20)), today=WEDNESDAY)

    assert (found.worked, found.remaining) == (D("92"), D("108"))
    assert (found.hours.approved, found.hours.waiting) == (D("77.75"), D("14.25"))
    # Four weeks of 20 planned; 85.5 worked in them.
    assert (found.planned_so_far, found.worked_so_far) == (D(80), D("85.5"))
    # 85.5 + six weeks of 20 = 205.5, of which 92 are worked.
    assert (found.forecast, found.to_come) == (D("205.5"), D("113.5"))
    assert found.forecast_left == D("-5.5")
    assert found.over_budget_week.ends_on == date(2027, 3, 12)
    assert found.untold == 0
    assert [one.left for one in found.weeks] == [
        D("181.75"), D("159.25"), D("134.5"), D("114.5"), D("94.5"),
        D("74.5"), D("54.5"), D("34.5"), D("14.5"), D("-5.5"),
    ]  # fmt: skip
    assert [one.plan_left for one in found.weeks] == [
        D(200 - 20 * n) for n in range(1, 11)
    ]


def test_the_present_week_counts_what_is_booked_until_more_is_worked():
    hours = WorkedHours((week(1, planned=20, waiting=26), week(2, planned=8)))

    early = burn_down_of(hours, Budget(D(40)), today=FIRST_FRIDAY)
    late = burn_down_of(hours, Budget(D(40)), today=FIRST_FRIDAY + timedelta(days=1))

    assert early.weeks[0].has_ended is False
    assert early.forecast == late.forecast == D(34)
    assert late.weeks[0].is_told


def test_a_week_that_nobody_has_told_of_counts_as_booked():
    hours = WorkedHours((week(1), week(2, approved=4), week(3, planned=0)))

    found = burn_down_of(hours, Budget(D(50)), today=WEDNESDAY)

    assert [one.is_told for one in found.weeks] == [False, True, True]
    assert (found.untold, found.forecast, found.remaining) == (D(20), D(24), D(46))
    assert found.over_budget_week is None


def test_imported_hours_are_told_as_far_as_the_import_covers():
    weeks = (week(1, approved=20), week(2, planned=20), week(3, approved=3))
    covered = WorkedHours(weeks, is_imported=True, covered_until=date(2027, 1, 16))
    never = WorkedHours(weeks, is_imported=True)

    found = burn_down_of(covered, None, today=WEDNESDAY)

    assert [one.is_told for one in found.weeks] == [True, True, False]
    assert found.untold == D(17)
    assert not any(w.is_told for w in burn_down_of(never, None, today=WEDNESDAY).weeks)


def test_weeks_without_hours_stand_between_and_long_rests_do_not():
    gap = WorkedHours((week(4, approved=8), week(1, approved=8)))
    rest = WorkedHours((week(1, approved=8), week(80, approved=8)))

    assert len(burn_down_of(gap, None, today=WEDNESDAY).weeks) == 4
    assert len(burn_down_of(rest, None, today=WEDNESDAY).weeks) == 2


def test_without_sold_hours_nothing_is_left_or_over():
    found = burn_down_of(ten_weeks(), None, today=WEDNESDAY)

    assert found.remaining is found.forecast_left is found.over_budget_week is None
    assert chart_of(found) is None
    assert chart_of(burn_down_of(WorkedHours(), Budget(D(8)), today=WEDNESDAY)) is None


def test_the_picture_draws_plan_worked_and_forecast():
    picture = chart_of(burn_down_of(ten_weeks(), Budget(D(200)), today=WEDNESDAY))

    # 205.5 hours high: the end of the fourth week is 85.5 of them down.
    assert picture.worked.split()[-1] == picture.forecast.split()[0] == "40.0,16.6"
    assert picture.plan.split()[0] == "0.0,0.0"
    assert picture.forecast.split()[-1] == "100.0,40.0"
    assert (picture.over, picture.zero) == (D("100.0"), D("38.9"))


def test_the_picture_of_what_is_over_has_no_forecast_and_before_it_no_work():
    done = WorkedHours((week(1, approved=8),))
    to_come = WorkedHours((week(9, planned=8),))

    assert chart_of(burn_down_of(done, Budget(D(8)), today=WEDNESDAY)).forecast == ""
    ahead = chart_of(burn_down_of(to_come, Budget(D(8)), today=WEDNESDAY))
    assert (ahead.worked, ahead.over) == ("", None)
