"""What requests read like in lists, steps and mails."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from psdelivery.people.moments import span_text
from scheduling.choices import TASKS, RequestKind
from scheduling.models import RequestRange, ResourceRequest


def plain_hours(hours: object) -> str:
    """Return hours without useless zeros: 8, 7.5."""
    return f"{hours:.2f}".rstrip("0").rstrip(".")


def runs_of(days: Sequence[date], among: Sequence[date]) -> list[tuple[date, date]]:
    """Return days as runs, first and last; those next to each other in `among`."""
    places = {day: number for number, day in enumerate(among)}
    runs: list[tuple[date, date]] = []
    for day in sorted(days):
        before = runs[-1][1] if runs else None
        is_next = before is not None and places[day] == places[before] + 1
        if runs and is_next:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def days_text(days: Sequence[date], among: Sequence[date]) -> str:
    """Return days as runs in words: "Tue 16 – Thu 18 Mar 2027, Mon 22 Mar 2027"."""
    return ", ".join(span_text(*run) for run in runs_of(days, among))


def ranges_text(ranges: list[RequestRange]) -> str:
    """Return the days asked for; with more than one range, the first and how many."""
    if not ranges:
        return ""
    first = span_text(ranges[0].starts_on, ranges[0].ends_on)
    if len(ranges) == 1:
        return first
    words = {"first": first, "more": len(ranges) - 1}
    return _("%(first)s and %(more)s more") % words


def hours_text(asked: ResourceRequest) -> str:
    """Return the hours asked for, in words."""
    if asked.hours_per_day is not None:
        words = {"hours": plain_hours(asked.hours_per_day)}
        return _("%(hours)s hours a day") % words
    if asked.hours_total is not None:
        return _("%(hours)s hours") % {"hours": plain_hours(asked.hours_total)}
    return ""


def task_text(kind: str, task: str) -> str:
    """Return the words of an internal task."""
    tasks = TASKS.get(kind)
    return str(tasks(task).label) if tasks and task in tasks.values else task


def what_text(asked: ResourceRequest) -> str:
    """Return what is asked for, without its days."""
    if asked.kind == RequestKind.PLANNING and asked.about:
        return asked.about
    if asked.kind == RequestKind.CHANGE:
        return _("Change: %(booking)s") % {"booking": asked.allocation}
    if asked.kind == RequestKind.RELEASE:
        return _("Release: %(booking)s") % {"booking": asked.allocation}
    return task_text(asked.kind, asked.task) or asked.get_role_display()


def headline(asked: ResourceRequest) -> str:
    """Return what is asked for and when: "Trainer, Mon 15 – Fri 19 Mar 2027"."""
    days = ranges_text(list(asked.ranges.all()))
    return ", ".join(filter(None, [what_text(asked), days]))
