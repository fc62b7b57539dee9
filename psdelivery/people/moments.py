"""Words for moments and due dates: pure functions, for pages and for mails.

Stored times are UTC. The reader sees the own clock, with the clock of the session
or the customer beside it when the two differ at that moment.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

LONG_DAY = "D j M Y"
SHORT_DAY = "j M"
DAY_WITHOUT_YEAR = "D j M"


@dataclass(frozen=True)
class MomentText:
    """`own` stands first; `other` is empty when the two clocks agree."""

    own: str
    other: str = ""

    def __str__(self) -> str:
        return f"{self.own} · {self.other}" if self.other else self.own


@dataclass(frozen=True)
class Deadline:
    """What a step says about its due date, apart from the step itself."""

    at: datetime
    is_day: bool
    day: date
    zone: str


@dataclass(frozen=True)
class Relative:
    """`state` is late, today, soon (three days) or later."""

    words: str
    state: str


def city_of(zone: str) -> str:
    """The part of a zone's name that people recognise: Australia/Sydney → Sydney."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def zone_label(local: datetime) -> str:
    """CET, AEST …; zones without letters of their own are told as UTC+3."""
    name = local.tzname() or ""
    return f"UTC{name}" if name[:1] in "+-" else name


def day_text(day: date) -> str:
    """A calendar day in full: Tue 23 Mar 2027."""
    return dated(day, LONG_DAY)


def dated(day: date, pattern: str) -> str:
    """A calendar day in the words of the current language."""
    return _dated(day, pattern, get_language())


# A list tells the same few days in every row. `language` belongs to the key.
@lru_cache(maxsize=4096)
def _dated(day: date, pattern: str, language: str | None) -> str:
    return format_date(day, pattern)


def clock_text(local: datetime) -> str:
    """The time of day on the clock that a moment is given on: 09:30."""
    return f"{local:%H:%M}"


def span_text(first: date, last: date) -> str:
    """Return two days, both included; one alone when they are the same."""
    if first == last:
        return day_text(first)
    return f"{day_text(first)} – {day_text(last)}"


def clocks_differ(at: datetime, zone: str, other: str) -> bool:
    """Whether two zones show another local time at that very moment."""
    return zone != other and (
        at.astimezone(ZoneInfo(zone)).utcoffset()
        != at.astimezone(ZoneInfo(other)).utcoffset()
    )


def moment_text(at: datetime, zone: str, reader_zone: str) -> MomentText:
    """A moment on the reader's clock, and on the other one where it differs."""
    own = at.astimezone(ZoneInfo(reader_zone))
    text = f"{day_text(own.date())}, {clock_text(own)} {zone_label(own)}"
    if not zone or not clocks_differ(at, zone, reader_zone):
        return MomentText(text)
    there = at.astimezone(ZoneInfo(zone))
    clock = f"{clock_text(there)} {city_of(zone)}"
    if there.date() == own.date():
        return MomentText(text, clock)
    return MomentText(text, f"{dated(there.date(), DAY_WITHOUT_YEAR)}, {clock}")


def due_text(due: Deadline, reader_zone: str) -> MomentText:
    """A due date: a day runs until its local midnight, a moment is that moment.

    The midnight that ends a day is told on the reader's clock, with the reader's
    day only when it is another one.
    """
    if not due.is_day:
        return moment_text(due.at, due.zone, reader_zone)
    if not clocks_differ(due.at, due.zone, reader_zone):
        return MomentText(_("%(day)s, end of day") % {"day": day_text(due.day)})
    own = _("%(day)s, end of day %(city)s") % {
        "day": day_text(due.day),
        "city": city_of(due.zone),
    }
    mine = due.at.astimezone(ZoneInfo(reader_zone))
    clock = clock_text(mine)
    if mine.date() != due.day:
        clock = f"{dated(mine.date(), DAY_WITHOUT_YEAR)}, {clock}"
    return MomentText(
        own,
        _("%(clock)s your time (%(city)s)")
        % {"clock": clock, "city": city_of(reader_zone)},
    )


def last_local_day(due: Deadline, reader_zone: str) -> date:
    """The day on which the deadline falls for the reader who counts days."""
    if due.is_day:
        return due.day
    return due.at.astimezone(ZoneInfo(reader_zone)).date()


def relative_words(due: Deadline, reader_zone: str, *, now: datetime) -> Relative:
    """How far away a due date is, in the largest unit that still helps.

    Days are counted from the reader's own today to the day that stands beside the
    words. Under a day, moments count hours; so do days that end, in their zone, at
    another hour than the reader's midnight, once that hour is near.
    """
    left = due.at - now
    today = now.astimezone(ZoneInfo(reader_zone)).date()
    days = (last_local_day(due, reader_zone) - today).days
    is_past = left <= timedelta(0)
    is_near = abs(left) < timedelta(days=1) and not due.is_day
    if is_near or (days < 0 and not is_past) or (days >= 0 and is_past):
        return Relative(_clock_words(left), _state(left, days=0))
    return Relative(_day_words(days), _state(left, days=days))


def _state(left: timedelta, *, days: int) -> str:
    if left <= timedelta(0):
        return "late"
    if days <= 0:
        return "today"
    return "soon" if days <= 3 else "later"


def _day_words(days: int) -> str:
    if days < 0:
        return ngettext("%(n)d day late", "%(n)d days late", -days) % {"n": -days}
    if days < 2:
        return _("tomorrow") if days else _("today")
    return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}


def _clock_words(left: timedelta) -> str:
    minutes = int(abs(left).total_seconds() // 60)
    hours = minutes // 60
    late = left <= timedelta(0)
    if minutes < 1:
        return _("just passed") if late else _("in a moment")
    if hours < 1:
        return _minute_words(minutes, late=late)
    if late:
        return ngettext("%(n)d hour late", "%(n)d hours late", hours) % {"n": hours}
    return ngettext("in %(n)d hour", "in %(n)d hours", hours) % {"n": hours}


def _minute_words(minutes: int, *, late: bool) -> str:
    values = {"n": minutes}
    if late:
        return ngettext("%(n)d minute late", "%(n)d minutes late", minutes) % values
    return ngettext("in %(n)d minute", "in %(n)d minutes", minutes) % values


def ago_words(at: datetime, *, now: datetime) -> str:
    """How long ago something happened; the future is told as "just now"."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {
            "n": minutes
        }
    hours = minutes // 60
    if hours < 24:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", hours) % {"n": hours}
    days = hours // 24
    return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}


def since_words(start: date, *, today: date) -> str:
    """Since when something waits, with the number of days: since 3 Mar (12 days)."""
    days = max((today - start).days, 0)
    told = SHORT_DAY if start.year == today.year else f"{SHORT_DAY} Y"
    return _("since %(day)s (%(length)s)") % {
        "day": dated(start, told),
        "length": ngettext("%(n)d day", "%(n)d days", days) % {"n": days},
    }


def local_day(value: date | datetime, zone: str) -> date:
    """The calendar day of a day or of a moment, on the clock of a zone."""
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(zone)).date()
    return value
