"""Deadlines on a day of the week, and what a holiday makes of them."""

from datetime import date

import pytest

from psdelivery.calendars import (
    WEEKDAYS,
    Calendar,
    Offset,
    OffsetUnit,
    due_moment,
    nth_weekday,
)

pytestmark = pytest.mark.unit

BERLIN = Calendar("Europe/Berlin", "DE", "BE")
NEW_YORK = Calendar("America/New_York", "US")
ANYWHERE = Calendar("UTC")
MONDAY = date(2027, 5, 3)
THURSDAY = date(2027, 5, 6)


def due(anchor, offset, calendar=ANYWHERE):
    return due_moment(anchor, Offset.parse(offset), calendar).day


@pytest.mark.parametrize(
    ("anchor", "offset", "day"),
    [
        (MONDAY, "1 thursday", THURSDAY),
        (MONDAY, "2 Thursdays", date(2027, 5, 13)),
        (THURSDAY, "0 thursdays", THURSDAY),
        (THURSDAY, "1 thursday", date(2027, 5, 13)),
        (THURSDAY, "-1 thursday", date(2027, 4, 29)),
        (THURSDAY, "-2 thursdays", date(2027, 4, 22)),
        (MONDAY, "-1 tuesday", date(2027, 4, 27)),
        (MONDAY, "0 mondays", MONDAY),
        (date(2027, 5, 7), "0 thursdays", date(2027, 5, 13)),
    ],
)
def test_days_of_the_week_are_counted_from_the_day_after_the_anchor(
    anchor, offset, day
):
    assert due(anchor, offset) == day


@pytest.mark.parametrize(
    ("calendar", "anchor", "day"),
    [
        pytest.param(BERLIN, MONDAY, date(2027, 5, 5), id="Ascension Day"),
        pytest.param(NEW_YORK, MONDAY, THURSDAY, id="not in New York"),
        pytest.param(
            NEW_YORK, date(2027, 11, 22), date(2027, 11, 24), id="Thanksgiving"
        ),
        pytest.param(BERLIN, date(2027, 11, 22), date(2027, 11, 25), id="not there"),
    ],
)
def test_a_day_off_gives_way_to_the_working_day_before(calendar, anchor, day):
    assert due(anchor, "1 thursday", calendar) == day


def test_in_a_week_without_a_working_day_it_stays_where_it_is():
    # The national holidays of 2025 took Wednesday to Wednesday.
    china = Calendar("Asia/Shanghai", "CN")

    assert due(date(2025, 9, 29), "1 thursday", china) == date(2025, 9, 30)
    assert due(date(2025, 10, 5), "-1 sunday", china) == date(2025, 9, 28)
    assert due(date(2025, 10, 4), "1 tuesday", china) == date(2025, 10, 7)


@pytest.mark.parametrize("weekday", range(7))
def test_each_unit_counts_its_own_day(weekday):
    unit = WEEKDAYS[weekday]

    assert unit.weekday == nth_weekday(MONDAY, 1, weekday).weekday() == weekday
    assert unit.gives_day


def test_an_offset_is_written_as_it_is_read():
    assert str(Offset.parse("1 thursday")) == "1 thursdays"
    assert Offset.parse("1 thursdays").unit == OffsetUnit.THURSDAYS
    with pytest.raises(ValueError, match="not an offset"):
        Offset.parse("1 doomsday")
    with pytest.raises(ValueError, match="out of range"):
        Offset.parse("600 thursdays")
