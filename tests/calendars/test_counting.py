from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from psdelivery.calendars import (
    Calendar,
    Offset,
    OffsetUnit,
    add_business_days,
    due_moment,
    end_of_day,
    is_plannable,
    is_working_day,
    local_moment,
)

pytestmark = pytest.mark.unit

BERLIN = Calendar("Europe/Berlin", "DE", "BE")
NOWHERE = Calendar("Europe/Berlin")
EMIRATES = Calendar("Asia/Dubai", "AE")


def local(*parts, zone="Europe/Berlin"):
    return datetime(*parts, tzinfo=ZoneInfo(zone))


def due_local(anchor, offset, calendar=NOWHERE):
    return due_moment(anchor, Offset.parse(offset), calendar).local


@pytest.mark.parametrize(
    ("calendar", "day", "works"),
    [
        pytest.param(BERLIN, date(2027, 3, 8), False, id="holiday of the subdivision"),
        pytest.param(
            Calendar("Europe/Berlin", "DE"), date(2027, 3, 8), True, id="country only"
        ),
        pytest.param(
            Calendar("Europe/Berlin", "DE", "XX"),
            date(2027, 3, 8),
            True,
            id="unknown subdivision",
        ),
        pytest.param(
            Calendar("Europe/Berlin", "de", "be"), date(2027, 3, 8), False, id="small"
        ),
        pytest.param(
            Calendar("UTC", "US"), date(2027, 7, 5), False, id="observed on Monday"
        ),
        pytest.param(
            Calendar("UTC", "US"), date(2027, 12, 31), False, id="observed a year ago"
        ),
        pytest.param(BERLIN, date(2027, 1, 1), False, id="first day of a year"),
        pytest.param(BERLIN, date(2027, 1, 4), True, id="first Monday of a year"),
        pytest.param(BERLIN, date(2028, 12, 31), False, id="last day of a leap year"),
        pytest.param(BERLIN, date(2032, 12, 31), True, id="last Friday of one"),
        pytest.param(NOWHERE, date(2027, 12, 24), True, id="no country, no holiday"),
        pytest.param(NOWHERE, date(2027, 3, 6), False, id="no country, Saturday"),
        pytest.param(
            Calendar("UTC", "XX"), date(2027, 12, 24), True, id="unknown country"
        ),
        pytest.param(EMIRATES, date(2027, 3, 5), True, id="AE works Fridays by now"),
        pytest.param(EMIRATES, date(2020, 3, 6), False, id="AE did not in 2020"),
        pytest.param(
            Calendar("Asia/Riyadh", "SA"), date(2027, 3, 5), False, id="Friday off"
        ),
        pytest.param(
            Calendar("Asia/Riyadh", "SA"), date(2027, 3, 7), True, id="Sunday works"
        ),
        pytest.param(
            Calendar("Asia/Shanghai", "CN"), date(2025, 1, 26), True, id="made-up day"
        ),
    ],
)
def test_working_days_follow_the_country(calendar, day, works):
    assert is_working_day(day, calendar) is works


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        pytest.param(date(2027, 3, 5), 1, date(2027, 3, 8), id="Friday + 1"),
        pytest.param(date(2027, 3, 6), 0, date(2027, 3, 8), id="Saturday + 0"),
        pytest.param(date(2027, 3, 6), 1, date(2027, 3, 9), id="Saturday + 1"),
        pytest.param(date(2027, 3, 8), 1, date(2027, 3, 9), id="Monday + 1"),
        pytest.param(date(2027, 3, 7), -1, date(2027, 3, 4), id="Sunday - 1"),
        pytest.param(date(2027, 3, 5), -1, date(2027, 3, 4), id="Friday - 1"),
        pytest.param(date(2027, 3, 8), -1, date(2027, 3, 5), id="Monday - 1"),
        pytest.param(date(2027, 12, 30), 3, date(2028, 1, 4), id="year end"),
        pytest.param(date(2028, 2, 28), 1, date(2028, 2, 29), id="leap day"),
    ],
)
def test_business_days_from_a_day_off_count_from_the_nearest_working_day(
    start, count, expected
):
    assert add_business_days(start, count, NOWHERE) == expected


@pytest.mark.parametrize(
    ("anchor", "offset", "expected"),
    [
        pytest.param((5, 16, 30), "24 business hours", (8, 16, 30), id="over Sunday"),
        pytest.param((6, 16, 30), "72 business hours", (11, 0), id="from Saturday"),
        pytest.param((6, 16, 30), "0 business hours", (8, 0), id="Saturday at once"),
        pytest.param(
            (5, 16, 30), "8 business hours", (8, 0, 30), id="rest over Sunday"
        ),
        pytest.param((5, 16, 0), "8 business hours", (8, 0), id="exactly to the end"),
        pytest.param((5, 16, 0), "32 business hours", (9, 0), id="days, then rest"),
        pytest.param((4, 10, 0), "4 business hours", (4, 14), id="same day"),
        pytest.param((8, 4, 0), "-8 business hours", (5, 20), id="back over Sunday"),
        pytest.param(
            (8, 8, 0), "-8 business hours", (8, 0), id="back to the beginning"
        ),
        pytest.param((8, 4, 0), "-24 business hours", (5, 4), id="back by a day"),
        pytest.param((6, 10, 0), "-1 business hours", (5, 23), id="back from Saturday"),
        pytest.param(
            (6, 10, 0), "-25 business hours", (4, 23), id="back, day and rest"
        ),
        pytest.param((9, 10, 0), "-30 business hours", (8, 4), id="back, working days"),
    ],
)
def test_business_hours_run_around_the_clock_on_working_days(anchor, offset, expected):
    start = local(2027, 3, *anchor)

    assert due_local(start, offset) == local(2027, 3, *expected)


def test_whole_business_days_back_from_a_day_off_are_said_as_the_day_they_end():
    due = due_moment(
        local(2027, 3, 13, 10), Offset(-120, OffsetUnit.BUSINESS_HOURS), NOWHERE
    )

    assert (due.is_day, due.day) == (True, date(2027, 3, 5))
    assert due.local == local(2027, 3, 6)


def test_elapsed_hours_cross_days_off():
    assert due_local(local(2027, 3, 5, 16), "24 hours") == local(2027, 3, 6, 16)


def test_a_day_as_anchor_counts_hours_from_its_beginning():
    assert due_local(date(2027, 3, 5), "10 hours") == local(2027, 3, 5, 10)
    assert due_local(date(2027, 3, 5), "-1 hours") == local(2027, 3, 4, 23)
    assert due_local(date(2027, 3, 6), "1 business hour") == local(2027, 3, 8, 1)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="needs a zone"):
        due_moment(datetime(2027, 3, 5), Offset.parse("1 day"), NOWHERE)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        pytest.param("Europe/Berlin", date(2027, 3, 28), (28, 22), id="23 hours"),
        pytest.param("Europe/Berlin", date(2027, 10, 31), (31, 23), id="25 hours"),
        # Clocks go from 24:00 on Thursday to 01:00 on Friday.
        pytest.param("Africa/Cairo", date(2027, 4, 29), (29, 22), id="no midnight"),
        # Clocks go back from 01:00 to 00:00; the first midnight ends the day.
        pytest.param("America/Havana", date(2027, 11, 6), (7, 4), id="two midnights"),
        pytest.param("Asia/Kathmandu", date(2027, 3, 5), (5, 18, 15), id="+05:45"),
        pytest.param("Pacific/Apia", date(2011, 12, 29), (30, 10), id="day skipped"),
        pytest.param("Pacific/Kiritimati", date(2027, 3, 5), (5, 10), id="+14"),
    ],
)
def test_a_day_ends_at_the_next_local_midnight(zone, day, expected):
    assert end_of_day(day, zone) == datetime(day.year, day.month, *expected, tzinfo=UTC)


def test_a_skipped_time_is_taken_at_the_end_of_the_gap():
    moment = local_moment(date(2027, 3, 28), time(2, 30), "Europe/Berlin")

    assert moment == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert moment.astimezone(ZoneInfo("Europe/Berlin")).time() == time(3)


def test_a_doubled_time_is_taken_the_first_time_unless_said_otherwise():
    first = local_moment(date(2027, 10, 31), time(2, 30), "Europe/Berlin")
    second = local_moment(date(2027, 10, 31), time(2, 30, fold=1), "Europe/Berlin")

    assert first == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert second == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_business_hours_keep_the_local_hour_over_a_clock_change():
    assert due_local(local(2027, 3, 26, 16, 30), "24 business hours") == local(
        2027, 3, 29, 16, 30
    )


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("14 days", Offset(14, OffsetUnit.DAYS)),
        ("-5 business days", Offset(-5, OffsetUnit.BUSINESS_DAYS)),
        ("+1 business day", Offset(1, OffsetUnit.BUSINESS_DAYS)),
        ("168 hours", Offset(168, OffsetUnit.HOURS)),
        ("72 business hours", Offset(72, OffsetUnit.BUSINESS_HOURS)),
        ("0 days", Offset(0, OffsetUnit.DAYS)),
    ],
)
def test_offsets_are_read_and_written_in_words(text, offset):
    assert Offset.parse(text) == offset
    assert Offset.parse(str(offset)) == offset


@pytest.mark.parametrize(
    "text", ["", "soon", "1.5 days", "3 weeks", "3 businessdays", "9999 days", "٣ days"]
)
def test_what_is_no_offset_is_refused(text):
    with pytest.raises(ValueError, match="offset"):
        Offset.parse(text)


def test_offsets_of_ten_years_are_accepted():
    assert Offset(-3660, OffsetUnit.DAYS).value == -3660
    assert Offset(87840, OffsetUnit.HOURS).value == 87840


@pytest.mark.parametrize(
    ("value", "unit"),
    [(3661, OffsetUnit.BUSINESS_DAYS), (-87841, OffsetUnit.BUSINESS_HOURS)],
)
def test_offsets_over_ten_years_are_refused(value, unit):
    with pytest.raises(ValueError, match="out of range"):
        Offset(value, unit)


def test_days_far_off_are_not_plannable():
    assert is_plannable(date(2000, 1, 1))
    assert is_plannable(date(2099, 12, 31))
    assert not is_plannable(date(1999, 12, 31))
    assert not is_plannable(date(2100, 1, 1))
