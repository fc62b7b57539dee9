"""Which days the training calendar shows: a week or whole weeks of a month.

Pure: no database, no clock, no request.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

MONTH, WEEK = "month", "week"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """The days that are shown, Monday to Sunday, and the day they were asked for."""

    view: str
    day: date
    first: date
    last: date

    @property
    def days(self) -> list[date]:
        count = (self.last - self.first).days + 1
        return [self.first + timedelta(days=n) for n in range(count)]

    @property
    def weeks(self) -> list[list[date]]:
        days = self.days
        return [days[n : n + 7] for n in range(0, len(days), 7)]

    @property
    def previous(self) -> date:
        """Return a day of the week or month before."""
        if self.view == WEEK:
            return self.day - timedelta(days=7)
        return self.day.replace(day=1) - ONE_DAY

    @property
    def next(self) -> date:
        """Return a day of the week or month after."""
        if self.view == WEEK:
            return self.day + timedelta(days=7)
        return (self.day.replace(day=1) + timedelta(days=32)).replace(day=1)


def span_of(view: str, day: date) -> Span:
    """Return the week of a day, or the whole weeks that hold its month."""
    if view == WEEK:
        monday = monday_of(day)
        return Span(view, day, monday, monday + timedelta(days=6))
    first = day.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - ONE_DAY
    return Span(view, day, monday_of(first), monday_of(last) + timedelta(days=6))


def monday_of(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def days_touched(starts_at: datetime, ends_at: datetime, zone: str) -> list[date]:
    """R-22: return the local days of a session; one past midnight counts on both.

    A session that ends at midnight does not touch the next day.
    """
    local = ZoneInfo(zone)
    first = starts_at.astimezone(local).date()
    last = (ends_at - timedelta(microseconds=1)).astimezone(local).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
