"""What a comment asks for, read from its words: days, hours, task, soft or hard."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engagements.choices import Booking
from psdelivery.calendars import is_plannable
from scheduling.choices import TASKS, RequestKind

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun"]
MONTHS += ["jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_TO = r"\s*(?:-|–|to|until|till)\s*"  # noqa: RUF001  # people type both dashes
_ISO = r"(\d{4})-(\d{2})-(\d{2})"
_NAMED = rf"(\d{{1,2}})\.?\s+{_MONTH}(?:\s+(\d{{4}}))?"
iso_range = re.compile(rf"{_ISO}(?:{_TO}{_ISO})?", re.IGNORECASE)
named_range = re.compile(
    rf"(?<!\d)(?:(\d{{1,2}})\.?(?:\s+{_MONTH})?{_TO})?{_NAMED}", re.IGNORECASE
)
hours_named = re.compile(
    r"(?<![\d.])(\d{1,3}(?:[.,]\d{1,2})?)\s*(?:h|hrs?|hours?)\b"
    r"\s*(a day|per day|/\s*day|daily|each day)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class ReadWish:
    """What was understood; what is missing is asked in the form."""

    ranges: tuple[tuple[date, date], ...] = ()
    per_day: Decimal | None = None
    total: Decimal | None = None
    kind: str = ""
    task: str = ""
    booking: str = Booking.SOFT

    @property
    def is_whole(self) -> bool:
        """Whether internal time needs nothing more: task, days and hours."""
        return bool(self.task and self.ranges and (self.per_day or self.total))


def read_wish(text: str, today: date) -> ReadWish:
    """Return what a comment asks for, as internal time is asked for in the process.

    Dates are days written as 2027-03-15, 15 Mar or 15–19 March; without a year the
    next such day is meant. Hours are hours a day where it says so, else in total.
    """
    kind, task = named_task(text)
    per_day, total = named_hours(text)
    is_hard = re.search(r"\bhard\b", text, re.IGNORECASE) is not None
    return ReadWish(
        ranges=tuple(dict.fromkeys(named_ranges(text, today))),
        per_day=per_day,
        total=total,
        kind=kind,
        task=task,
        booking=Booking.HARD if is_hard else Booking.SOFT,
    )


def named_task(text: str) -> tuple[str, str]:
    """Return kind and key of the internal task that is named; the longest name wins."""
    small = text.lower()
    found = [
        (len(name), str(kind), str(value))
        for kind, tasks in TASKS.items()
        for value, label in tasks.choices
        for name in names_of(str(label))
        if re.search(rf"\b{re.escape(name)}\b", small)
    ]
    return max(found)[1:] if found else ("", "")


def names_of(label: str) -> list[str]:
    """Return how people call a task: as the list does, or by what is in brackets."""
    short = re.findall(r"\((\w+)\)", label)
    whole = re.sub(r"\s*\(\w+\)", "", label).split(",")[0]
    return [name.lower() for name in [whole, *short]]


def named_hours(text: str) -> tuple[Decimal | None, Decimal | None]:
    """Return the first hours that are named: per day, or in total."""
    found = hours_named.search(text)
    if found is None:
        return None, None
    hours = Decimal(found[1].replace(",", "."))
    return (hours, None) if found[2] else (None, hours)


def named_ranges(text: str, today: date) -> Iterator[tuple[date, date]]:
    """Yield the days that are named, one or from … to …; impossible ones are left."""
    for found in iso_range.finditer(text):
        first = day_of(found[1], found[2], found[3])
        last = day_of(found[4], found[5], found[6]) if found[4] else first
        if first and last and first <= last:
            yield first, last
    for found in named_range.finditer(text):
        last = named_day(found[3], found[4], found[5], today)
        first = last
        if found[1]:
            month = found[2] or found[4]
            first = named_day(found[1], month, found[5], today)
        if first and last and first <= last:
            yield first, last


def named_day(day: str, month: str, year: str | None, today: date) -> date | None:
    """Return a day by the name of its month; without a year the next one."""
    number = str(MONTHS.index(month.lower()[:3]) + 1)
    if year:
        return day_of(year, number, day)
    this = day_of(str(today.year), number, day)
    if this is not None and this >= today:
        return this
    return day_of(str(today.year + 1), number, day)


def day_of(year: str, month: str, day: str) -> date | None:
    """Return a day, None for one that the calendar does not have."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if is_plannable(found) else None


def kind_for(wish: ReadWish, *, is_internal: bool) -> RequestKind:
    """Return what a comment is made: internal time where it names an internal task."""
    if wish.kind:
        return RequestKind(wish.kind)
    return RequestKind.CREDITABLE if is_internal else RequestKind.ENGAGEMENT
