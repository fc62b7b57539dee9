from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from psdelivery.calendars import (
    Calendar,
    Offset,
    OffsetUnit,
    add_business_days,
    due_moment,
    end_of_day,
    is_working_day,
    local_moment,
    working_day_on_or_after,
    working_day_on_or_before,
    zone_choices,
)

pytestmark = pytest.mark.unit

# The first look at a country loads its table, which takes longer than the rest.
no_deadline = settings(deadline=None)

INSTANT = timedelta(microseconds=1)
COUNTRIES = [
    ("", ""),
    ("DE", "BE"),
    ("US", ""),
    ("GB", "SCT"),
    ("AE", ""),
    ("SA", ""),
    ("IL", ""),
    ("NP", ""),
    ("CN", ""),
    ("BR", "SP"),
]
# Where midnight itself is skipped or doubled, days of 23.5 hours, odd offsets.
AWKWARD = [
    "Africa/Cairo",
    "America/Havana",
    "America/Santiago",
    "America/Scoresbysund",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Chatham",
]

zones = st.sampled_from(AWKWARD) | st.sampled_from([zone for zone, _ in zone_choices()])
days = st.dates(date(2015, 1, 1), date(2045, 12, 31))
clocks = st.times()
moments = st.datetimes(
    datetime(2015, 1, 1),  # noqa: DTZ001 (the strategy adds the zone)
    datetime(2045, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
calendars = st.builds(
    lambda zone, place: Calendar(zone, *place), zones, st.sampled_from(COUNTRIES)
)
counts = st.integers(-60, 60)
offsets = st.builds(Offset, st.integers(-500, 500), st.sampled_from(OffsetUnit))
# Chosen, not filtered: most units give a day.
in_hours = st.builds(
    Offset,
    st.integers(-500, 500),
    st.sampled_from([unit for unit in OffsetUnit if not unit.gives_day]),
)


def is_doubled(moment, zone):
    shown = moment.astimezone(ZoneInfo(zone))
    return shown.replace(fold=0).utcoffset() != shown.replace(fold=1).utcoffset()


def working_days_between(start, end, calendar):
    span = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, calendar) for day in span)


@no_deadline
@given(days, counts, calendars)
def test_business_days_never_land_on_a_day_off(day, count, calendar):
    assert is_working_day(add_business_days(day, count, calendar), calendar)


@no_deadline
@given(days, counts, calendars)
def test_business_days_there_and_back_are_a_round_trip(day, count, calendar):
    start = working_day_on_or_after(day, calendar)

    there = add_business_days(start, count, calendar)

    assert add_business_days(there, -count, calendar) == start


@no_deadline
@given(days, st.integers(0, 60), st.integers(0, 60), calendars)
def test_business_days_add_up(day, first, second, calendar):
    halfway = add_business_days(day, first, calendar)

    assert add_business_days(halfway, second, calendar) == add_business_days(
        day, first + second, calendar
    )


@no_deadline
@given(days, st.integers(0, 60), calendars)
def test_business_days_agree_with_counting_one_by_one(day, count, calendar):
    start = working_day_on_or_after(day, calendar)

    end = add_business_days(day, count, calendar)

    assert working_days_between(start, end, calendar) == count


@no_deadline
@given(days, calendars)
def test_the_nearest_working_days_leave_none_between(day, calendar):
    before = working_day_on_or_before(day, calendar)
    after = working_day_on_or_after(day, calendar)

    assert before <= day <= after
    assert working_days_between(before, after, calendar) == (before != after)


@no_deadline
@given(moments, moments, offsets, calendars)
def test_a_later_anchor_is_never_due_earlier(one, other, offset, calendar):
    # In the doubled hour "the same local hour" of another day means one moment.
    assume(not is_doubled(one, calendar.zone))
    assume(not is_doubled(other, calendar.zone))
    early, late = sorted([one, other])

    assert (
        due_moment(early, offset, calendar).at <= due_moment(late, offset, calendar).at
    )


@no_deadline
@given(
    moments,
    st.integers(-500, 499),
    st.sampled_from(OffsetUnit),
    calendars,
)
def test_a_longer_offset_is_never_due_earlier(anchor, value, unit, calendar):
    assume(not is_doubled(anchor, calendar.zone))
    shorter = due_moment(anchor, Offset(value, unit), calendar)
    longer = due_moment(anchor, Offset(value + 1, unit), calendar)

    assert shorter.at <= longer.at


@no_deadline
@given(moments | days, offsets, calendars)
def test_a_day_ends_at_its_local_midnight(anchor, offset, calendar):
    due = due_moment(anchor, offset, calendar)
    assume(due.is_day)

    assert (due.at - INSTANT).astimezone(ZoneInfo(calendar.zone)).date() == due.day
    assert due.local.date() == due.day + timedelta(days=1)


@no_deadline
@given(moments, in_hours, calendars)
def test_a_moment_says_its_own_local_day(anchor, offset, calendar):
    due = due_moment(anchor, offset, calendar)
    assume(not due.is_day)

    assert (due.at.tzinfo, due.local.date()) == (UTC, due.day)


@no_deadline
@given(moments, st.integers(-500, 500), calendars)
def test_business_deadlines_never_fall_on_a_day_off(anchor, value, calendar):
    for unit in (OffsetUnit.BUSINESS_DAYS, OffsetUnit.BUSINESS_HOURS):
        due = due_moment(anchor, Offset(value, unit), calendar)

        assert is_working_day(due.day, calendar)


@no_deadline
@given(moments, st.integers(-500, 500), calendars)
def test_hours_are_elapsed_time(anchor, value, calendar):
    due = due_moment(anchor, Offset(value, OffsetUnit.HOURS), calendar)

    assert due.at - anchor == timedelta(hours=value)


@no_deadline
@given(moments, st.integers(-400, 400), calendars)
def test_days_are_calendar_days_in_the_zone(anchor, value, calendar):
    due = due_moment(anchor, Offset(value, OffsetUnit.DAYS), calendar)

    local = anchor.astimezone(ZoneInfo(calendar.zone)).date()
    assert due.day - local == timedelta(days=value)


@no_deadline
@given(days, st.integers(0, 23), st.integers(-240, 240), st.sampled_from(COUNTRIES))
def test_business_hours_agree_with_counting_one_by_one(day, hour, value, place):
    calendar = Calendar("UTC", *place)
    anchor = datetime.combine(day, time(hour), tzinfo=UTC)

    due = due_moment(anchor, Offset(value, OffsetUnit.BUSINESS_HOURS), calendar)

    start, end = sorted([anchor, due.at])
    hours = (start + timedelta(hours=n) for n in range((end - start) // HOUR))
    assert sum(is_working_day(one.date(), calendar) for one in hours) == abs(value)


HOUR = timedelta(hours=1)


@no_deadline
@given(moments, st.integers(-20, 20), calendars)
def test_24_business_hours_are_a_business_day_at_the_same_hour(anchor, count, calendar):
    zone = ZoneInfo(calendar.zone)
    local = anchor.astimezone(zone)
    assume(is_working_day(local.date(), calendar))
    assume(count)

    due = due_moment(anchor, Offset(24 * count, OffsetUnit.BUSINESS_HOURS), calendar)

    day = add_business_days(local.date(), count, calendar)
    assert due.at == local_moment(day, local.timetz(), calendar.zone)


@no_deadline
@given(days, clocks, zones)
@example(date(2027, 3, 28), time(2, 30), "Europe/Berlin")
@example(date(2027, 10, 3), time(2, 15), "Australia/Lord_Howe")
@example(date(2027, 4, 30), time(0), "Africa/Cairo")
def test_local_moments_read_back_as_given_or_as_the_end_of_the_gap(day, clock, zone):
    given_time = datetime.combine(day, clock)

    moment = local_moment(day, clock, zone)

    info = ZoneInfo(zone)
    shown = moment.astimezone(info).replace(tzinfo=None, fold=0)
    just_before = (moment - INSTANT).astimezone(info).replace(tzinfo=None)
    assert shown == given_time or just_before < given_time < shown


@no_deadline
@given(days, clocks, days, clocks, zones)
def test_later_local_times_never_give_earlier_moments(day, clock, other, late, zone):
    first, second = sorted([(day, clock), (other, late)])

    assert local_moment(*first, zone) <= local_moment(*second, zone)


@no_deadline
@given(days, zones)
def test_days_follow_each_other_without_hole_or_overlap(day, zone):
    following = day + timedelta(days=1)
    length = end_of_day(following, zone) - end_of_day(day, zone)

    assert timedelta(hours=22) <= length <= timedelta(hours=26)


def test_every_zone_ends_every_day_around_its_clock_changes():
    span = [date(2027, 1, 1) + timedelta(days=n) for n in range(365)]
    for zone, _ in zone_choices():
        ends = [end_of_day(day, zone) for day in span]

        assert ends == sorted(set(ends)), zone
