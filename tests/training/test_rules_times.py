from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from tests.factories.training import SYDNEY, local
from training.rules.times import (
    LocalTimes,
    SessionTimes,
    crosses_clock_change,
    is_skipped,
    is_twice,
    moved_times,
    overnight_words,
    reasons_against_local,
    reasons_against_overlap,
    reasons_against_shift,
    reasons_against_times,
    span_words,
    twice_words,
)

pytestmark = pytest.mark.unit

TODAY = date(2027, 2, 1)
BERLIN = "Europe/Berlin"


def codes(reasons):
    return [reason.code for reason in reasons]


def utc(*numbers):
    return datetime(*numbers, tzinfo=UTC)


def test_a_session_is_kept_in_utc_with_its_zone():
    found = local(date(2027, 4, 6)).moments

    assert found == SessionTimes(utc(2027, 4, 5, 23), utc(2027, 4, 6, 3), SYDNEY)
    assert found.day == date(2027, 4, 6)


def test_a_usual_session_has_nothing_against_it():
    assert reasons_against_local(local(date(2027, 4, 6)), today=TODAY) == []


@pytest.mark.parametrize(
    ("start", "stop", "said"),
    [
        ("13:00", "09:00", "The session ends before it starts."),
        ("14:00", "02:01", "If the next day is meant, Wed 7 Apr 2027"),
        ("09:00", "09:00", "stops at the time at which it starts"),
    ],
)
def test_a_session_that_ends_before_it_starts_is_refused(start, stop, said):
    found = reasons_against_local(local(date(2027, 4, 6), start, stop), today=TODAY)

    assert codes(found) == ["order"]
    assert said in found[0].sentence


def test_r22_a_session_past_local_midnight_counts_on_both_days():
    times = local(date(2027, 4, 6), "22:00", "02:00")

    assert reasons_against_local(times, today=TODAY) == []
    assert times.moments == SessionTimes(
        utc(2027, 4, 6, 12), utc(2027, 4, 6, 16), SYDNEY
    )
    assert times.moments.day == date(2027, 4, 6)
    assert times.moments.days == [date(2027, 4, 6), date(2027, 4, 7)]
    assert overnight_words(times) == [
        "The session goes on past midnight: it ends on Wed 7 Apr 2027 at 02:00 in "
        "Sydney, and counts on both days."
    ]
    assert span_words(times.moments) == (
        "Tue 6 Apr 2027, 22:00 – Wed 7 Apr 2027, 02:00"
    )


def test_r22_a_session_until_midnight_counts_on_one_day():
    times = local(date(2027, 4, 6), "20:00", "00:00")

    assert times.moments.days == [date(2027, 4, 6)]
    assert times.moments.ends_at == utc(2027, 4, 6, 14)


def test_a_session_of_one_day_has_nothing_to_say_of_the_next():
    times = local(date(2027, 4, 6))

    assert overnight_words(times) == []
    assert span_words(times.moments) == "Tue 6 Apr 2027, 09:00–13:00"


def test_a_stop_on_the_next_day_that_clocks_skip_is_told_with_that_day():
    # Germany puts its clocks forward on 28 March 2027.
    times = local(date(2027, 3, 27), "22:00", "02:30", BERLIN)

    (found,) = reasons_against_local(times, today=TODAY)

    assert found.code == "stop-skipped"
    assert "Sun 28 Mar 2027" in found.sentence


def test_a_stop_on_the_next_day_that_occurs_twice_is_the_first():
    # Sydney puts its clocks back on 4 April 2027 at 03:00.
    times = local(date(2027, 4, 3), "22:00", "02:30")

    assert times.moments.ends_at == utc(2027, 4, 3, 15, 30)
    assert "Sun 4 Apr 2027" in twice_words(times)[0]


@pytest.mark.parametrize(
    ("stop", "expected"), [("12:00", []), ("20:00", []), ("20:01", ["long"])]
)
def test_a_session_lasts_at_most_twelve_hours(stop, expected):
    found = reasons_against_local(local(date(2027, 4, 6), "08:00", stop), today=TODAY)

    assert codes(found) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2032, 1, 31), []),
        (date(2032, 2, 1), ["day-far"]),
        (date(2037, 2, 1), ["day-far"]),
        (date(9999, 12, 31), ["day-far"]),
        (date(2026, 1, 31), []),
        (date(2026, 1, 30), ["day-past"]),
        (date(1, 1, 1), ["day-past"]),
    ],
)
def test_a_day_far_off_is_refused(day, expected):
    assert codes(reasons_against_local(local(day), today=TODAY)) == expected


def test_a_start_that_clocks_skip_is_refused_with_what_they_do():
    # Germany puts its clocks forward on 28 March 2027.
    times = local(date(2027, 3, 28), "02:30", "06:00", BERLIN)

    found = reasons_against_local(times, today=TODAY)

    assert codes(found) == ["start-skipped"]
    assert found[0].sentence == (
        "This time does not exist in Berlin on Sun 28 Mar 2027: clocks go from 02:00 "
        "straight to 03:00."
    )


def test_a_stop_that_clocks_skip_is_refused_too():
    times = local(date(2027, 3, 28), "01:00", "02:59", BERLIN)

    assert codes(reasons_against_local(times, today=TODAY)) == ["stop-skipped"]


def test_the_ends_of_a_skipped_hour_exist():
    day = date(2027, 3, 28)

    assert is_skipped(day, time(2), BERLIN)
    assert not is_skipped(day, time(3), BERLIN)
    assert not is_skipped(day, time(1, 59), BERLIN)


def test_a_time_that_occurs_twice_is_taken_at_its_first_and_said_so():
    # Sydney puts its clocks back on 4 April 2027 at 03:00.
    times = local(date(2027, 4, 4), "02:30", "06:30")

    assert reasons_against_local(times, today=TODAY) == []
    assert times.moments.starts_at == utc(2027, 4, 3, 15, 30)
    assert twice_words(times) == [
        "In Sydney clocks show 02:30 twice on Sun 4 Apr 2027: the first is taken."
    ]


def test_a_time_typed_with_the_second_fold_is_still_the_first():
    times = LocalTimes(date(2027, 4, 4), time(2, 30, fold=1), time(6), SYDNEY)

    assert times.moments.starts_at == utc(2027, 4, 3, 15, 30)


def test_nothing_is_said_of_usual_times():
    assert twice_words(local(date(2027, 4, 6))) == []
    assert not is_twice(date(2027, 3, 28), time(2, 30), BERLIN)


def test_a_session_over_a_clock_change_is_recognised():
    over = local(date(2027, 4, 4), "01:00", "06:00").moments
    after = local(date(2027, 4, 4), "04:00", "06:00").moments

    assert crosses_clock_change(over)
    assert not crosses_clock_change(after)


def test_sessions_that_touch_do_not_overlap():
    morning = local(date(2027, 4, 6), "09:00", "13:00").moments
    noon = local(date(2027, 4, 6), "13:00", "14:00").moments
    late = local(date(2027, 4, 6), "12:59", "14:00").moments

    assert reasons_against_overlap(noon, [morning]) == []
    (found,) = reasons_against_overlap(late, [morning])
    assert found.sentence == (
        "Another session of this class is at the same time: "
        "Tue 6 Apr 2027, 09:00–13:00."
    )
    assert codes(reasons_against_overlap(morning, [late, morning])) == ["overlap"] * 2


def test_moving_across_a_clock_change_keeps_the_local_hours():
    before = local(date(2027, 3, 30)).moments

    moved = moved_times(before, 7)

    start = moved.starts_at.astimezone(ZoneInfo(SYDNEY))
    assert (start.date(), start.time()) == (date(2027, 4, 6), time(9))
    assert moved.starts_at - before.starts_at != moved_times(moved, 7).starts_at - (
        moved.starts_at
    )


def test_moving_there_and_back_is_no_move():
    before = local(date(2027, 3, 30)).moments

    assert moved_times(moved_times(before, 9), -9) == before


def test_a_move_into_a_skipped_hour_is_refused():
    times = local(date(2027, 3, 27), "02:30", "06:00", BERLIN).moments

    assert codes(reasons_against_shift(times, 1, today=TODAY)) == ["skipped"]
    assert reasons_against_shift(times, 2, today=TODAY) == []


def test_times_out_of_order_are_refused_in_utc_as_well():
    times = SessionTimes(utc(2027, 4, 6, 3), utc(2027, 4, 6, 3), SYDNEY)

    assert codes(reasons_against_times(times)) == ["order"]


def test_a_move_to_a_day_far_off_is_refused():
    times = local(date(2027, 4, 6)).moments

    assert codes(reasons_against_shift(times, 5000, today=TODAY)) == ["day-far"]
    assert codes(reasons_against_shift(times, -900, today=TODAY)) == ["day-past"]
