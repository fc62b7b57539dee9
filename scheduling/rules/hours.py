"""Actual hours: the week of a person, what it may hold, and what was planned.

domain.md, sections 3 and 4. Pure: no database, no clock, no request.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from engagements.choices import ENDED_STATUSES, Status
from psdelivery.calendars import Calendar, local_moment, working_day_on_or_after
from psdelivery.people.moments import day_text
from psdelivery.people.rules.hours import LONGEST_DAY, QUARTER
from psdelivery.registry import Reason

NOTHING = Decimal()
ONE_DAY = timedelta(days=1)
WEEK = timedelta(days=7)
# A week opens on its Monday, where it ends on a Friday.
OPEN_AHEAD = timedelta(days=4)
# Reasons for which the form is shown anew, as it stands by now.
STALE = "stale"
IMPORTED = "imported"

Days = Mapping[date, Decimal]


def week_end_on(day: date, weekday: int) -> date:
    """Return the last day of the week that holds a day (domain.md, section 3).

    `weekday` is the day on which weeks end, Monday as 0.
    """
    return day + ONE_DAY * ((weekday - day.weekday()) % 7)


def days_of_week(ends_on: date, before: date | None = None) -> list[date]:
    """Return the days of a week, the last one included.

    `before` is the last day of the person's week before: after the setting was
    changed a week is shorter, and no day stands in two of them.
    """
    first = ends_on - WEEK + ONE_DAY
    if before is not None:
        first = max(first, before + ONE_DAY)
    return [first + ONE_DAY * n for n in range((ends_on - first).days + 1)]


def has_opened(ends_on: date, today: date) -> bool:
    """Tell whether the hours of a week can be told; `today` is the person's day."""
    return today >= ends_on - OPEN_AHEAD


def approval_due(
    ends_on: date, *, weekday: int, hour: int, calendar: Calendar
) -> datetime:
    """Return by when a week is approved: *Monday 12:00*, in the approver's zone.

    domain.md, section 3. On a day off of the approver it is the next working day.
    """
    day = week_end_on(ends_on + ONE_DAY, weekday)
    day = working_day_on_or_after(day, calendar)
    return local_moment(day, time(hour), calendar.zone)


@dataclass(frozen=True)
class PlannedDay:
    """Hours booked hard and held softly on a day."""

    hard: Decimal = NOTHING
    soft: Decimal = NOTHING


@dataclass(frozen=True)
class Plan:
    """What a person is booked for in a week: engagement -> day -> hours.

    `off` says of days why nobody works on them (a word of `DayOff`).
    """

    days: Mapping[int, Mapping[date, PlannedDay]] = field(default_factory=dict)
    off: Mapping[date, str] = field(default_factory=dict)

    def of(self, engagement: int, day: date) -> PlannedDay:
        """Return what is booked for an engagement on a day."""
        return self.days.get(engagement, {}).get(day, PlannedDay())

    def hours_of(self, engagement: int) -> dict[date, Decimal]:
        """Return the hours to confirm: those booked hard, but for days off."""
        return {
            day: planned.hard
            for day, planned in self.days.get(engagement, {}).items()
            if planned.hard and not self.off.get(day)
        }

    @property
    def engagements(self) -> list[int]:
        """Return what somebody is booked hard for, days off included."""
        return [
            engagement
            for engagement, days in self.days.items()
            if any(planned.hard for planned in days.values())
        ]


def is_as_planned(worked: Days, planned: Days) -> bool:
    """Tell whether hours are those that were booked hard, day by day."""
    return differences(worked, planned) == {}


def differences(worked: Days, planned: Days) -> dict[date, Decimal]:
    """Return how much more (or less) was worked than planned, where it differs."""
    found = {
        day: worked.get(day, NOTHING) - planned.get(day, NOTHING)
        for day in sorted({*worked, *planned})
    }
    return {day: hours for day, hours in found.items() if hours}


@dataclass(frozen=True)
class Work:
    """An engagement as far as its hours are concerned.

    `ended_on` is the customer's day on which it was closed, completed or cancelled.
    """

    pk: int
    name: str
    status: str
    ended_on: date | None = None

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED_STATUSES


def reasons_against_quarters(hours: Decimal) -> list[Reason]:
    """Hours are counted in quarters, and are never negative (domain.md, section 3)."""
    if hours < 0:
        return [Reason("negative", _("Hours are not negative."))]
    if hours % QUARTER:
        sentence = _("Hours are counted in quarters: 7.25, 7.5, 7.75.")
        return [Reason("quarter", sentence)]
    return []


def reasons_against_days(hours: Mapping[int, Days]) -> list[Reason]:
    """A day has 24 hours, over all engagements; told at the last one of the day.

    `hours` is engagement -> day -> hours. The code of a reason is `cell_code`.
    """
    sums: dict[date, Decimal] = {}
    last: dict[date, int] = {}
    for engagement, days in hours.items():
        for day, worked in days.items():
            sums[day] = sums.get(day, NOTHING) + worked
            if worked:
                last[day] = engagement
    sentence = _("%(day)s would have %(hours)s hours. A day has 24.")
    return [
        Reason(
            cell_code(last[day], day),
            sentence % {"day": day_text(day), "hours": plain(total)},
        )
        for day, total in sorted(sums.items())
        if total > LONGEST_DAY
    ]


def reasons_against_work(work: Work, worked: Days, planned: Days) -> list[Reason]:
    """Nobody works on what has ended; what was worked before its end is told.

    After a cancellation only what was planned counts: nothing new is begun on it.
    """
    if not work.has_ended or work.ended_on is None:
        return []
    return [
        Reason(cell_code(work.pk, day), ended_words(work, day))
        for day, hours in sorted(worked.items())
        if hours and not may_be_worked(work, day, planned)
    ]


def may_be_worked(work: Work, day: date, planned: Days) -> bool:
    """Tell whether hours of that day can stand on an engagement that has ended."""
    if work.ended_on is not None and day > work.ended_on:
        return False
    return work.status != Status.CANCELLED or bool(planned.get(day))


def ended_words(work: Work, day: date) -> str:
    """Say why the hours of a day cannot stand on an engagement."""
    words = {
        "work": work.name,
        "state": Status(work.status).label.lower(),
        "ended": day_text(work.ended_on or day),
        "day": day_text(day),
    }
    return (
        _("%(work)s is %(state)s since %(ended)s: no hours of %(day)s on it.") % words
    )


def cell_code(engagement: int, day: date) -> str:
    """Return the code of a reason that is about one day of one engagement."""
    return f"hours-{engagement}-{day:%Y%m%d}"


def days_worked_off(hours: Iterable[Days], off: Mapping[date, str]) -> list[date]:
    """Return the days off on which somebody worked: a warning, no refusal."""
    worked = {day for days in hours for day, count in days.items() if count}
    return sorted(day for day in worked if off.get(day))


def hours_over(allowed: Decimal | None, worked: Decimal) -> Decimal:
    """Return how many hours go beyond what was sold and granted; never negative.

    `allowed` is None where the paper names no hours (domain.md, section 1: a work
    exception is for what goes over).
    """
    return NOTHING if allowed is None else max(worked - allowed, NOTHING)


def plain(hours: Decimal) -> str:
    """Say hours without what follows a whole number: 40, 7.5."""
    return f"{hours.normalize():f}" if hours else "0"
