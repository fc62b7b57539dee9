"""When people and meeting accounts are taken: never twice at once (R-22)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from psdelivery.people.moments import moment_text
from psdelivery.registry import Reason
from scheduling.models import OccupiedTime

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Slot:
    """From … to …, in UTC."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Blocked:
    """A slot with what is kept free before and after it."""

    slot: Slot
    blocked_from: datetime
    blocked_to: datetime

    def overlaps(self, start: datetime, end: datetime) -> bool:
        return self.blocked_from < end and start < self.blocked_to


def blocked_slots(
    slots: Iterable[Slot], *, before: timedelta, after: timedelta
) -> list[Blocked]:
    """R-22: return slots with *30* min kept free before and *15* after.

    Between two meetings of the same class or call only the break itself is kept: the
    people are there already.
    """
    found: list[Blocked] = []
    for slot in sorted(slots, key=lambda one: one.starts_at):
        start, end = slot.starts_at - before, slot.ends_at + after
        if found and start < found[-1].blocked_to:
            last = found.pop()
            middle = max(last.slot.ends_at, min(slot.starts_at, last.blocked_to))
            found.append(Blocked(last.slot, last.blocked_from, middle))
            start = min(middle, slot.starts_at)
        found.append(Blocked(slot, start, end))
    return found


def reasons_against_taking(
    wanted: Sequence[Blocked], taken: Iterable[OccupiedTime], *, zone: str
) -> list[Reason]:
    """R-22: nobody, and no host account, has two overlapping sessions or meetings.

    `taken` are the rows of whom it is about, locked by the caller; `zone` is the one
    in which the times are said (domain.md, section 3).
    """
    return [
        _taken(row, zone)
        for row in taken
        if any(one.overlaps(row.blocked_from, row.blocked_to) for one in wanted)
    ]


def _taken(row: OccupiedTime, zone: str) -> Reason:
    sentence = _("%(who)s is taken: “%(title)s”, %(when)s – %(end)s.")
    words = {
        "who": row.person or row.host,
        "title": row.title,
        "when": moment_text(row.starts_at, "", zone),
        "end": row.ends_at.astimezone(ZoneInfo(zone)).strftime("%H:%M"),
    }
    return Reason("taken", sentence % words, row.url, _("Open it") if row.url else "")


def days_touched(slot: Slot, zone: str) -> list[date]:
    """R-22: return the local days of a slot; past midnight it counts on both."""
    info = ZoneInfo(zone)
    first = slot.starts_at.astimezone(info).date()
    last = (slot.ends_at - timedelta(microseconds=1)).astimezone(info).date()
    return [first + ONE_DAY * n for n in range((last - first).days + 1)]
