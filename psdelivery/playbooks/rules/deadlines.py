"""Due dates from anchors, and the same in words.

Pure: no database, no clock, no request.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from psdelivery.calendars import (
    Calendar,
    Due,
    Offset,
    OffsetUnit,
    due_moment,
    end_of_day,
    local_moment,
)
from psdelivery.playbooks.choices import Repeat
from psdelivery.playbooks.words import anchor_words, is_asked, zone_words

AT_ANCHOR = Offset(0, OffsetUnit.HOURS)


@dataclass(frozen=True)
class Timing:
    """All that a due date depends on: the same facts feed the date and its words.

    `known_since` is when the portal knew both the anchor's date and the step (UTC).
    """

    anchor_key: str
    anchor: date | datetime | None
    known_since: datetime | None
    offset: Offset
    calendar: Calendar
    due_at_once: bool = False
    repeat: str = Repeat.ONCE
    period: int = 0
    opens_key: str = ""
    opens: date | datetime | None = None

    @property
    def opens_at(self) -> datetime | None:
        """The moment (UTC) before which there is nothing to do, None without one."""
        if self.opens is None or isinstance(self.opens, datetime):
            return self.opens
        return local_moment(self.opens, time(), self.calendar.zone)


@dataclass(frozen=True)
class Deadline:
    due: Due
    late_by_design: bool


def condition_holds(
    condition: Mapping[str, object], facts: Mapping[str, object]
) -> bool:
    """Tell whether a playbook step belongs on a checklist with these facts.

    Each named fact must hold; a list means "one of these" (domain.md, section 8).
    """
    return all(
        facts.get(name) in wanted
        if isinstance(wanted, list)
        else facts.get(name) == wanted
        for name, wanted in condition.items()
    )


def shifted_anchor(
    anchor: date | datetime, repeat: str, period: int, zone: str
) -> date | datetime:
    """Return the anchor of the nth period: n weeks or n calendar months later.

    A moment is moved on the clock of the zone: a clock change between the two never
    carries it into another hour or day.
    """
    if not isinstance(anchor, datetime):
        return shifted_day(anchor, repeat, period)
    local = local_moment_of(anchor, zone)
    day = shifted_day(local.date(), repeat, period)
    return local_moment(day, local.timetz(), zone)


def shifted_day(day: date, repeat: str, period: int) -> date:
    """Return the day of the nth period."""
    if repeat == Repeat.WEEKLY:
        return day + timedelta(weeks=period)
    if repeat == Repeat.MONTHLY:
        return add_months(day, period)
    return day


def add_months(day: date, months: int) -> date:
    """Return the same day n months later, or that month's last day where shorter."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def deadline_for(timing: Timing) -> Deadline | None:
    """Return the deadline, None while the anchor's date is not known.

    A step that is due at once (R-11) and whose day had passed when the anchor's
    date became known is due on that very day and flagged late by design. One that
    would be due before it opens (R-12) is due at its anchor itself.
    """
    if timing.anchor is None:
        return None
    anchor = anchor_of_period(timing.anchor, timing)
    due = due_moment(anchor, offset_in(timing), timing.calendar)
    if timing.due_at_once and timing.known_since and due.at <= timing.known_since:
        return Deadline(due_on_day_of(timing.known_since, timing.calendar.zone), True)
    return Deadline(due, False)


def offset_in(timing: Timing) -> Offset:
    """Return the offset that counts: none where the step opens only after its date."""
    if timing.anchor is None or timing.opens_at is None:
        return timing.offset
    anchor = anchor_of_period(timing.anchor, timing)
    due = due_moment(anchor, timing.offset, timing.calendar)
    return AT_ANCHOR if due.at < timing.opens_at else timing.offset


def anchor_of_period(anchor: date | datetime, timing: Timing) -> date | datetime:
    """Return the anchor of the timing's own period."""
    zone = timing.calendar.zone
    return shifted_anchor(anchor, timing.repeat, timing.period, zone)


def due_on_day_of(moment: datetime, zone: str) -> Due:
    """Return a deadline at the end of the local day that holds the moment."""
    day = local_moment_of(moment, zone).date()
    return Due(at=end_of_day(day, zone), is_day=True, day=day, zone=zone)


def local_moment_of(moment: datetime, zone: str) -> datetime:
    """Return the moment on the clock of the zone."""
    return moment.astimezone(ZoneInfo(zone))


def why_due(timing: Timing) -> str:
    """Say in words why the step is due when it is ("why this date?", R-20)."""
    deadline = deadline_for(timing)
    if timing.anchor is None or deadline is None:
        return _("The date follows as soon as %(anchor)s is known.") % {
            "anchor": anchor_words(timing.anchor_key)
        }
    words = _("%(span)s (%(when)s): %(deadline)s.") % {
        "span": span_from_anchor_words(offset_in(timing), timing.anchor_key),
        "when": anchor_moment_words(timing.anchor, timing),
        "deadline": deadline_words(deadline),
    }
    told = [words, day_off_words(timing, deadline), opening_words(timing)]
    return " ".join(filter(None, told))


def day_off_words(timing: Timing, deadline: Deadline) -> str:
    """Say that a day of the week gave way because it is a day off; else nothing."""
    weekday = timing.offset.unit.weekday
    due = deadline.due
    if weekday in {None, due.day.weekday()} or deadline.late_by_design:
        return ""
    return _("That %(day)s is a day off, so it is due on the working day before.") % {
        "day": weekday_words(timing.offset)
    }


def weekday_words(offset: Offset) -> str:
    """Name the day of the week that an offset counts: "Thursday"."""
    return str(WEEKDAYS[offset.unit.weekday or 0])


def opening_words(timing: Timing) -> str:
    """Say from when on there is something to do; empty where it is open at once."""
    if timing.opens_at is None:
        return ""
    opens = local_moment_of(timing.opens_at, timing.calendar.zone)
    return _("It opens with %(anchor)s: %(when)s %(zone)s.") % {
        "anchor": anchor_words(timing.opens_key),
        "when": f"{opens:%a} {opens.day} {opens:%b %Y %H:%M}",
        "zone": zone_words(timing.calendar.zone),
    }


def span_from_anchor_words(offset: Offset, anchor_key: str) -> str:
    """Say how far from its anchor: "14 days before the first session"."""
    if is_asked(anchor_key) and offset.value == 0:
        return _("The day it was asked for")
    if offset.unit.weekday is not None:
        pattern = weekday_pattern(offset)
    elif offset.value < 0:
        pattern = _("%(span)s before %(anchor)s")
    elif offset.value > 0:
        pattern = _("%(span)s after %(anchor)s")
    elif offset.unit.gives_day:
        pattern = _("On the day of %(anchor)s")
    else:
        pattern = _("At %(anchor)s")
    return pattern % {"span": span_words(offset), "anchor": anchor_words(anchor_key)}


def weekday_pattern(offset: Offset) -> str:
    """Return how to say which day of the week after or before an anchor."""
    if offset.value == 0:
        return _("The first %(span)s on or after %(anchor)s")
    if offset.value == 1:
        return _("The first %(span)s after %(anchor)s")
    if offset.value == -1:
        return _("The last %(span)s before %(anchor)s")
    if offset.value < 0:
        return _("%(span)s before %(anchor)s")
    return _("%(span)s after %(anchor)s")


def anchor_moment_words(anchor: date | datetime, timing: Timing) -> str:
    """Say when the anchor of the timing's period is, in the calendar's zone."""
    anchor = anchor_of_period(anchor, timing)
    if isinstance(anchor, datetime):
        local = local_moment_of(anchor, timing.calendar.zone)
        return f"{local:%a} {local.day} {local:%b %Y %H:%M}"
    return f"{anchor:%a} {anchor.day} {anchor:%b %Y}"


def span_words(offset: Offset) -> str:
    """Say the length of an offset, without its direction."""
    count = abs(offset.value)
    if offset.unit.weekday is not None:
        day = weekday_words(offset)
        return day if count < 2 else f"{count} × {day}"
    words = {
        OffsetUnit.DAYS: ngettext("%(n)d day", "%(n)d days", count),
        OffsetUnit.BUSINESS_DAYS: ngettext(
            "%(n)d business day", "%(n)d business days", count
        ),
        OffsetUnit.HOURS: ngettext("%(n)d hour", "%(n)d hours", count),
        OffsetUnit.BUSINESS_HOURS: ngettext(
            "%(n)d business hour", "%(n)d business hours", count
        ),
    }
    return words[offset.unit] % {"n": count}


def deadline_words(deadline: Deadline) -> str:
    """Say the deadline with its zone; a day is met until its end."""
    due = deadline.due
    day = f"{due.day:%a} {due.day.day} {due.day:%b %Y}"
    zone = zone_words(due.zone)
    if deadline.late_by_design:
        return _(
            "%(day)s, end of day %(zone)s (late by design: the date became known "
            "inside this span, so it is due at once)"
        ) % {"day": day, "zone": zone}
    if due.is_day:
        return _("%(day)s, end of day %(zone)s") % {"day": day, "zone": zone}
    local = local_moment_of(due.at, due.zone)
    return _("%(day)s %(time)s %(zone)s") % {
        "day": day,
        "time": f"{local:%H:%M}",
        "zone": zone,
    }
