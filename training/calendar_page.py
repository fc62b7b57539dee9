"""The training calendar: the sessions of a week or a month, with their countdown."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from psdelivery.calendars import end_of_day
from psdelivery.people.models import User
from training.choices import DeliveryState
from training.models import Delivery, Session
from training.queries import ClassRow, class_rows
from training.rules.calendar import Span, days_touched

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """A session on a day of the calendar, with what is known of its class."""

    session: Session
    row: ClassRow
    number: int

    @property
    def of(self) -> int:
        return len(self.row.sessions)


@dataclass
class Day:
    """A day of the calendar; `is_aside` tells that it belongs to another month."""

    day: date
    is_today: bool
    is_aside: bool
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Wanted:
    """What the calendar is narrowed to; empty means every class."""

    course_id: int | None = None
    trainer_id: int | None = None
    with_cancelled: bool = False


def sessions_between(
    within: QuerySet[Delivery], span: Span, wanted: Wanted, zone: str
) -> QuerySet[Session]:
    """Return the sessions that touch these days of the reader's zone."""
    begin = end_of_day(span.first - ONE_DAY, zone)
    end = end_of_day(span.last, zone)
    found = Session.objects.between(begin, end).filter(delivery__in=within)
    exact = {
        "delivery__course": wanted.course_id,
        "delivery__trainer": wanted.trainer_id,
    }
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if not wanted.with_cancelled:
        found = found.exclude(delivery__state=DeliveryState.CANCELLED)
    needs = ("course", "trainer", "host", "engagement__customer")
    return found.select_related(*[f"delivery__{name}" for name in needs])


def days_of(
    sessions: Iterable[Session], span: Span, *, zone: str, today: date, now: datetime
) -> list[Day]:
    """Return each day of the span with its sessions, in the order of time.

    Days are those of the reader's zone; R-22: a session past midnight is on both.
    """
    found = list(sessions)
    rows = rows_by_class(found, now=now)
    days = {day: blank_day(day, span, today) for day in span.days}
    for session in found:
        entry = entry_of(session, rows[session.delivery_id])
        for day in days_touched(session.starts_at, session.ends_at, zone):
            if day in days:
                days[day].entries.append(entry)
    return list(days.values())


def rows_by_class(sessions: list[Session], *, now: datetime) -> dict[int, ClassRow]:
    """Return the rows of the classes of these sessions, each class once."""
    classes = {session.delivery_id: session.delivery for session in sessions}
    rows = class_rows(list(classes.values()), now=now)
    return {row.delivery.pk: row for row in rows}


def entry_of(session: Session, row: ClassRow) -> Entry:
    """Return a session with its place among those of its class."""
    places = [other.pk for other in row.sessions]
    return Entry(session, row, places.index(session.pk) + 1)


def blank_day(day: date, span: Span, today: date) -> Day:
    """Return a day of the calendar without its sessions."""
    is_aside = span.view == "month" and day.month != span.day.month
    return Day(day, is_today=day == today, is_aside=is_aside)


def calendar_page(
    within: QuerySet[Delivery],
    span: Span,
    wanted: Wanted,
    *,
    reader: User,
    today: date,
    now: datetime,
) -> dict[str, Any]:
    """Return what the calendar shows; the queries do not grow with its sessions."""
    sessions = sessions_between(within, span, wanted, reader.zone)
    days = days_of(sessions, span, zone=reader.zone, today=today, now=now)
    weeks = [days[n : n + 7] for n in range(0, len(days), 7)]
    return {
        "span": span,
        "days": days,
        "weeks": weeks,
        "is_empty": not any(day.entries for day in days),
    }
