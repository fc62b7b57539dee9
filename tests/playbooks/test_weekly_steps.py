"""Steps of each week: on their day, before it where it is a day off."""

from datetime import UTC, date, datetime

import pytest

from psdelivery.calendars import Calendar, Offset
from psdelivery.playbooks.choices import Repeat
from psdelivery.playbooks.rules.deadlines import (
    Timing,
    deadline_for,
    span_from_anchor_words,
    why_due,
)

pytestmark = pytest.mark.unit

BERLIN = Calendar("Europe/Berlin", "DE", "BE")
NEW_YORK = Calendar("America/New_York", "US")


def weekly(offset, anchor, period, calendar=BERLIN, key="kickoff"):
    return Timing(
        anchor_key=key,
        anchor=anchor,
        known_since=datetime(2027, 1, 1, tzinfo=UTC),
        offset=Offset.parse(offset),
        calendar=calendar,
        repeat=Repeat.WEEKLY,
        period=period,
    )


@pytest.mark.parametrize(
    ("calendar", "days"),
    [
        # Ascension Day is a Thursday, in Germany a holiday.
        (BERLIN, ["Thu 29 Apr", "Wed 05 May", "Thu 13 May", "Thu 20 May"]),
        (NEW_YORK, ["Thu 29 Apr", "Thu 06 May", "Thu 13 May", "Thu 20 May"]),
    ],
)
def test_the_status_of_each_week_is_due_on_thursday(calendar, days):
    kickoff = date(2027, 4, 27)
    timings = [weekly("1 thursday", kickoff, n, calendar) for n in range(4)]

    due = [deadline_for(one).due.day for one in timings]

    assert [f"{day:%a %d %b}" for day in due] == days


def test_a_summary_is_due_in_the_week_of_the_first_day():
    friday = date(2027, 4, 30)

    assert deadline_for(weekly("0 fridays", friday, 0)).due.day == friday
    assert deadline_for(weekly("0 fridays", friday, 1)).due.day == date(2027, 5, 7)


def test_why_says_that_the_day_is_a_day_off():
    held = weekly("1 thursday", date(2027, 4, 27), 1)

    assert why_due(held) == (
        "The first Thursday after the kickoff (Tue 4 May 2027): Wed 5 May 2027, end of "
        "day Berlin time. That Thursday is a day off, so it is due on the working day "
        "before."
    )


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        ("0 fridays", "The first Friday on or after the kickoff"),
        ("-1 friday", "The last Friday before the kickoff"),
        ("3 mondays", "3 × Monday after the kickoff"),
        ("-2 sundays", "2 × Sunday before the kickoff"),
    ],
)
def test_days_of_the_week_are_told_in_words(offset, words):
    assert span_from_anchor_words(Offset.parse(offset), "kickoff") == words
