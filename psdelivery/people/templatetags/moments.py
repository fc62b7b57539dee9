"""Template tags for moments and due dates, on the reader's clock.

They live in `people` because it is the lowest app, so every page may load them.
The reader's zone is Django's current time zone (see `people/middleware.py`);
`psdelivery.people.moments` holds the words and knows nothing of templates.
"""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from psdelivery import clock
from psdelivery.people.moments import (
    DAY_WITHOUT_YEAR,
    Deadline,
    MomentText,
    Relative,
    ago_words,
    dated,
    day_text,
    due_text,
    last_local_day,
    local_day,
    moment_text,
    relative_words,
    since_words,
)

register = template.Library()

# The words of a step's state that no longer counts down.
SETTLED_STATES = frozenset(
    {"done", "not_applicable", "cancelled", "before_portal", "before_the_portal"}
)


def reader_zone() -> str:
    """The zone in which the current reader sees times."""
    # Its name in the catalogue: Django's own answer for a zone such as Etc/GMT-5 is
    # what its clock is called, "+05", which is no zone.
    return str(timezone.get_current_timezone())


@register.simple_tag
def moment(at: datetime | None, zone: str = "") -> SafeString:
    """A moment on the reader's clock, with the clock of `zone` where it differs."""
    if at is None:
        return _nothing(_("No time yet"))
    return _time(at.isoformat(), moment_text(at, zone, reader_zone()))


@register.simple_tag
def day(value: date | None) -> SafeString:
    """A calendar day in full, with its machine form beside it."""
    if value is None:
        return _nothing(_("No day yet"))
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(), day_text(value)
    )


@register.simple_tag
def due(step: Any) -> SafeString:
    """The due date in full; how far away it is only while the step is open."""
    deadline = deadline_of(step)
    if deadline is None:
        return _nothing(_("No date yet"))
    shown = _time(_machine_form(deadline), due_text(deadline, reader_zone()))
    if is_settled(step):
        return format_html('<span class="due">{}</span>', shown)
    return format_html(
        '<span class="due">{} {}</span>', shown, _relative(_distance(deadline))
    )


@register.simple_tag
def due_short(step: Any) -> SafeString:
    """The due date for dense lists; the full text is the title and is read aloud."""
    deadline = deadline_of(step)
    if deadline is None:
        return _nothing(_("No date yet"))
    shown = _short_day(deadline, reader_zone(), get_language())
    if is_settled(step):
        return format_html('<span class="due due-short">{}</span>', shown)
    return format_html(
        '<span class="due due-short">{} {}</span>',
        shown,
        _relative(_distance(deadline)),
    )


# The deadlines of open steps are shown again and again. `language` belongs to the key.
@lru_cache(maxsize=8192)
def _short_day(deadline: Deadline, zone: str, language: str | None) -> SafeString:
    full = str(due_text(deadline, zone))
    return format_html(
        '<time class="due-day" datetime="{}" title="{}"><span aria-hidden="true">{}'
        '</span><span class="visually-hidden">{}</span></time>',
        _machine_form(deadline),
        full,
        dated(last_local_day(deadline, zone), DAY_WITHOUT_YEAR),
        full,
    )


@register.simple_tag
def ago(at: datetime | None) -> SafeString:
    """How long ago something happened; the moment itself is the title."""
    if at is None:
        return _nothing(_("Never"))
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(),
        str(moment_text(at, "", reader_zone())),
        ago_words(at, now=clock.now()),
    )


@register.simple_tag
def since(start: date | datetime | None) -> SafeString:
    """Since which day something waits, and for how many days."""
    if start is None:
        return SafeString("")
    zone = reader_zone()
    return format_html(
        '<time datetime="{}">{}</time>',
        start.isoformat(),
        since_words(local_day(start, zone), today=clock.today(zone)),
    )


def deadline_of(step: Any) -> Deadline | None:
    """Read the four due fields of a step; None while its date is unknown."""
    at = getattr(step, "due_at", None)
    if at is None:
        return None
    zone = getattr(step, "due_zone", "") or reader_zone()
    day = getattr(step, "due_day", None) or local_day(at, zone)
    return Deadline(at, bool(getattr(step, "due_is_day", False)), day, zone)


def is_settled(step: Any) -> bool:
    """Whether the step no longer counts down."""
    return str(getattr(step, "state", "")) in SETTLED_STATES


def _distance(deadline: Deadline) -> Relative:
    return relative_words(deadline, reader_zone(), now=clock.now())


def _machine_form(deadline: Deadline) -> str:
    return deadline.day.isoformat() if deadline.is_day else deadline.at.isoformat()


def _time(machine: str, text: MomentText) -> SafeString:
    if not text.other:
        return format_html('<time datetime="{}">{}</time>', machine, text.own)
    return format_html(
        '<time datetime="{}">{} <span class="other-clock">·&nbsp;{}</span></time>',
        machine,
        text.own,
        text.other,
    )


def _relative(distance: Relative) -> SafeString:
    return format_html(
        '<span class="relative relative-{}">{}</span>', distance.state, distance.words
    )


def _nothing(words: str) -> SafeString:
    return format_html('<span class="quiet">{}</span>', words)
