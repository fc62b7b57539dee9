"""The window of the board, its numbers, and where bookings stand in it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.capacity_facts import Span
from scheduling.choices import Zoom
from scheduling.rules.board import (
    COLUMNS,
    DayLoad,
    Place,
    lanes_of,
    load_of,
    runs_of,
    window_at,
)

pytestmark = pytest.mark.unit

WEDNESDAY = date(2027, 3, 17)
MONDAY = date(2027, 3, 15)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def test_a_window_begins_with_the_week_or_the_month():
    assert window_at(Zoom.DAY, WEDNESDAY).first == MONDAY
    assert window_at(Zoom.DAY, WEDNESDAY).last == date(2027, 6, 6)
    assert window_at(Zoom.WEEK, WEDNESDAY).last == date(2027, 9, 12)
    assert window_at(Zoom.MONTH, WEDNESDAY).first == date(2027, 3, 1)
    assert window_at(Zoom.MONTH, WEDNESDAY).last == date(2028, 2, 29)


def test_the_style_sheet_knows_a_place_for_each_column():
    assert max(COLUMNS.values()) <= 92


@given(DAYS, st.sampled_from(list(Zoom)))
def test_every_day_of_a_window_stands_in_the_column_that_holds_it(day, zoom):
    window = window_at(zoom, day)

    for column in (0, 1, window.count - 1):
        first, last = window.start_of(column), window.start_of(column + 1)
        assert window.column_of(first) == column
        assert window.column_of(last - timedelta(days=1)) == column


@given(DAYS, DAYS, st.sampled_from(list(Zoom)))
def test_what_touches_the_window_has_a_place_within_it(one, other, zoom):
    window = window_at(zoom, date(2027, 3, 15))
    first, last = sorted([one, other])
    place = window.place_of(first, last)

    touches = first <= window.last and last >= window.first
    assert (place is not None) == touches
    if place is not None:
        assert place.column >= 1
        assert place.column + place.width - 1 <= window.count


def test_numbers_stand_for_weeks_by_days_and_for_each_column_otherwise():
    by_day = window_at(Zoom.DAY, MONDAY).stretches
    by_month = window_at(Zoom.MONTH, MONDAY).stretches

    assert (len(by_day), by_day[1].place) == (12, Place(8, 7))
    assert (by_day[1].first, by_day[1].last) == (date(2027, 3, 22), date(2027, 3, 28))
    assert (len(by_month), by_month[1].last) == (12, date(2027, 4, 30))


def test_headings_are_months_and_by_months_years():
    by_day = window_at(Zoom.DAY, MONDAY).headings
    by_month = window_at(Zoom.MONTH, MONDAY).headings

    assert [(one.first.month, one.place) for one in by_day] == [
        (3, Place(1, 17)),
        (4, Place(18, 30)),
        (5, Place(48, 31)),
        (6, Place(79, 6)),
    ]
    assert [(one.first.year, one.place.width) for one in by_month] == [
        (2027, 10),
        (2028, 2),
    ]


def test_windows_stay_within_the_years_that_can_be_planned():
    assert window_at(Zoom.DAY, date(2000, 1, 1)).first == date(2000, 1, 3)
    assert window_at(Zoom.MONTH, date(2099, 12, 31)).last == date(2099, 11, 30)
    assert window_at(Zoom.DAY, date(2000, 1, 3)).moved(-28).first == date(2000, 1, 3)


def hours(*given):
    return [DayLoad(*map(Decimal, one)) for one in given]


def test_a_free_monday_mends_no_overbooked_friday():
    load = load_of(hours((8, 0), (8, 8), (8, 10)))

    assert (load.capacity, load.hard) == (24, 18)
    assert (load.free, load.over) == (8, 2)


def test_tentative_hours_count_as_too_much_where_no_room_is_left():
    load = load_of(hours((8, 4, 4), (8, 8, 2), (0, 0, 8)))

    assert load.soft_over == 10
    assert (load.over, load.free) == (0, 4)


def test_no_capacity_and_nothing_booked_is_off_and_a_full_week_is_full():
    assert load_of(hours((0, 0))).is_off
    assert load_of(hours((8, 8), (0, 0))).is_full
    assert not load_of(hours((8, 0))).is_full


def test_a_weekend_does_not_break_a_bar_and_a_day_left_out_does():
    week = [MONDAY + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7, 8, 10)]
    works = {MONDAY + timedelta(days=n): n % 7 < 5 for n in range(14)}

    assert runs_of(week, works) == [
        Span(MONDAY, MONDAY + timedelta(days=8)),
        Span(MONDAY + timedelta(days=10), MONDAY + timedelta(days=10)),
    ]


def test_without_a_person_the_usual_week_counts():
    days = [MONDAY + timedelta(days=n) for n in (4, 7)]

    assert runs_of(days, {}) == [Span(days[0], days[1])]


def test_bookings_share_a_lane_unless_they_overlap():
    assert lanes_of([(0, 4), (5, 9), (3, 6), (10, 11), (0, 11)]) == [1, 1, 2, 1, 3]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted)))
def test_no_two_bars_of_a_lane_overlap(places):
    lanes = lanes_of([tuple(one) for one in places])

    for place, lane in zip(places, lanes, strict=True):
        others = [
            other
            for other, its in zip(places, lanes, strict=True)
            if its == lane and other is not place
        ]
        assert all(place[1] < other[0] or other[1] < place[0] for other in others)
