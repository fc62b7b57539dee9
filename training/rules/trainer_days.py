"""The days that a class takes of its trainer, and what of them a booking covers.

Counted on the trainer's own calendar: there their capacity is known (R-6). Pure: no
database, no clock, no request.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_UP, Decimal
from zoneinfo import ZoneInfo

from psdelivery.calendars import end_of_day
from psdelivery.people.moments import DAY_WITHOUT_YEAR, dated
from training.rules.times import SessionTimes

ONE_DAY = timedelta(days=1)
QUARTERS_PER_HOUR = 4
# Sessions no farther apart than over a weekend are one journey.
SAME_JOURNEY = timedelta(days=3)

Hours = Mapping[date, Decimal]


def hours_by_day(sessions: Iterable[SessionTimes], zone: str) -> dict[date, Decimal]:
    """Return the hours of sessions by local day, each day rounded up to a quarter.

    `zone` is the trainer's; a session past their midnight counts on both days.
    """
    spent: dict[date, timedelta] = {}
    for session in sessions:
        for day, length in parts_of(session.starts_at, session.ends_at, zone):
            spent[day] = spent.get(day, timedelta()) + length
    return {day: quarters(length) for day, length in sorted(spent.items())}


def parts_of(
    start: datetime, end: datetime, zone: str
) -> Iterable[tuple[date, timedelta]]:
    """Cut a span at the midnights of a zone: the local day and what falls on it."""
    while start < end:
        day = start.astimezone(ZoneInfo(zone)).date()
        until = min(end, end_of_day(day, zone))
        yield day, until - start
        start = until


def quarters(length: timedelta) -> Decimal:
    """Return hours in quarter steps, rounded up: a booking is never too short."""
    hours = Decimal(length / timedelta(hours=1)) * QUARTERS_PER_HOUR
    return hours.quantize(Decimal(1), rounding=ROUND_UP) / QUARTERS_PER_HOUR


def travel_hours(days: Iterable[date], hours: Decimal) -> dict[date, Decimal]:
    """Return the days of travel: before the first and after the last of each journey.

    `days` are those of the sessions; weekly classes are a journey each.
    """
    found: set[date] = set()
    for first, last in journeys(days):
        found |= {first - ONE_DAY, last + ONE_DAY}
    return dict.fromkeys(sorted(found), hours)


def journeys(days: Iterable[date]) -> list[tuple[date, date]]:
    """Return first and last day of each stay; a weekend between is stayed through."""
    stays: list[tuple[date, date]] = []
    for day in sorted(days):
        if stays and day - stays[-1][1] <= SAME_JOURNEY:
            stays[-1] = (stays[-1][0], day)
        else:
            stays.append((day, day))
    return stays


def uncovered(needed: Hours, booked: Hours) -> list[date]:
    """Return the days of the class for which too few hours are booked."""
    return sorted(
        day for day, hours in needed.items() if booked.get(day, Decimal(0)) < hours
    )


def to_spare(needed: Hours, booked: Hours) -> list[date]:
    """Return the days that are booked though the class does not meet on them."""
    return sorted(booked.keys() - needed.keys())


def days_words(days: Iterable[date]) -> str:
    """Name days in a sentence: "Tue 12 May, Wed 13 May"."""
    return ", ".join(str(dated(day, DAY_WITHOUT_YEAR)) for day in days)
