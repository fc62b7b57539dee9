"""Due dates from anchors, and the same in words.

Pure: no database, no clock, no request.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from psdelivery.calendars import (
    Calendar,
    Due,
    Offset,
    OffsetUnit,
    due_moment,
    end_of_day,
)
from psdelivery.playbooks.choices import Repeat
from psdelivery.playbooks.words import anchor_words, zone_words


@dataclass(frozen=True)
class Timing:
    """All that a due date depends on: the same facts feed the date and its words.

    `known_since` is when the anchor's date became known to the portal (UTC).
    """

    anchor_key: str
    anchor: date | datetime | None
    known_since: datetime | None
    offset: Offset
    calendar: Calendar
    due_at_once: bool = False
    repeat: str = Repeat.ONCE
    period: int = 0


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
    anchor: date | datetime, repeat: str, period: int
) -> date | datetime:
    """Return the anchor of the nth period: n weeks or n calendar months later."""
    if repeat == Repeat.WEEKLY:
        return anchor + timedelta(weeks=period)
    if repeat == Repeat.MONTHLY:
        return add_months(anchor, period)
    return anchor


def add_months(anchor: date | datetime, months: int) -> date | datetime:
    """Return the same day n months later, or that month's last day where shorter."""
    index = anchor.month - 1 + months
    year, month = anchor.year + index // 12, index % 12 + 1
    return anchor.replace(
        year=year, month=month, day=min(anchor.day, monthrange(year, month)[1])
    )


def deadline_for(timing: Timing) -> Deadline | None:
    """Return the deadline, None while the anchor's date is not known.

    A step that is due at once (R-11) and whose day had passed when the anchor's
    date became known is due on that very day and flagged late by design.
    """
    if timing.anchor is None:
        return None
    anchor = shifted_anchor(timing.anchor, timing.repeat, timing.period)
    due = due_moment(anchor, timing.offset, timing.calendar)
    if timing.due_at_once and timing.known_since and due.at <= timing.known_since:
        return Deadline(due_on_day_of(timing.known_since, timing.calendar.zone), True)
    return Deadline(due, False)


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
    if deadline is None:
        return _("The date follows as soon as %(anchor)s is known.") % {
            "anchor": anchor_words(timing.anchor_key)
        }
    return _("%(rule)s: %(deadline)s.") % {
        "rule": rule_words(timing),
        "deadline": deadline_words(deadline),
    }


def rule_words(timing: Timing) -> str:
    """Say the rule: how far from which anchor, and when that anchor is."""
    return _("%(span)s (%(when)s)") % {
        "span": span_from_anchor_words(timing.offset, timing.anchor_key),
        "when": anchor_moment_words(timing),
    }


def span_from_anchor_words(offset: Offset, anchor_key: str) -> str:
    """Say how far from its anchor: "14 days before the first session"."""
    if offset.value == 0:
        pattern = _("On the day of %(anchor)s")
    elif offset.value < 0:
        pattern = _("%(span)s before %(anchor)s")
    else:
        pattern = _("%(span)s after %(anchor)s")
    return pattern % {"span": span_words(offset), "anchor": anchor_words(anchor_key)}


def anchor_moment_words(timing: Timing) -> str:
    """Say when the anchor is, in the calendar's zone; nothing while it is not known."""
    if timing.anchor is None:
        return ""
    anchor = shifted_anchor(timing.anchor, timing.repeat, timing.period)
    if isinstance(anchor, datetime):
        local = local_moment_of(anchor, timing.calendar.zone)
        return f"{local:%a} {local.day} {local:%b %Y %H:%M}"
    return f"{anchor:%a} {anchor.day} {anchor:%b %Y}"


def span_words(offset: Offset) -> str:
    """Say the length of an offset, without its direction."""
    count = abs(offset.value)
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
