"""Words of steps for templates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django import template
from django.template.context import Context
from django.utils.translation import gettext as _

from psdelivery import clock
from psdelivery.calendars import Offset, OffsetUnit
from psdelivery.people.moments import Deadline, day_text, moment_text
from psdelivery.people.templatetags.moments import reader_zone
from psdelivery.playbooks.definitions import StepDefinition
from psdelivery.playbooks.models import Move, PlaybookStep, Step
from psdelivery.playbooks.rows import StepRow
from psdelivery.playbooks.rules.ball import Ball, ball_of
from psdelivery.playbooks.rules.deadlines import span_from_anchor_words
from psdelivery.playbooks.rules.editing import ChangedStep
from psdelivery.playbooks.words import (
    FIELDS,
    anchor_words,
    awaited_words,
    move_words,
    until_words,
)

register = template.Library()


@register.simple_tag
def today() -> date:
    """The reader's day."""
    return clock.today(reader_zone())


@register.filter
def timing_words(step: PlaybookStep) -> str:
    """When a playbook step is due, relative to its anchor."""
    offset = Offset(step.offset_value, OffsetUnit(step.offset_unit))
    return span_from_anchor_words(offset, step.anchor)


@register.filter
def awaited(step: Step) -> str:
    """What a step without a date waits for: "the kickoff".

    Planned days count from the opening of the gate on, so they wait for both.
    """
    return awaited_words(step.anchor.key)


@register.simple_tag(takes_context=True)
def step_row(context: Context) -> StepRow:
    """The parts of the row of `step`, with what the page says of its rows."""
    return StepRow(context["step"], context.get)


@register.filter
def ball(step: Step) -> Ball:
    """With whom the ball of a step is, and since when."""
    return ball_of(step)


@register.filter
def deadline(due: Deadline | None) -> str:
    """A deadline in a row of many: its day, or its moment for the reader."""
    if due is None:
        return _("no date yet")
    zone = reader_zone()
    return day_text(due.day) if due.is_day else str(moment_text(due.at, "", zone))


@register.filter
def moved(move: Move) -> str:
    """What a move of dates took along."""
    return move_words(move)


@register.filter
def until(move: Move) -> str:
    """Until when a move can be undone, on the reader's clock."""
    return until_words(move, reader_zone())


@register.filter
def anchor(key: str) -> str:
    """An anchor by its name: "the first session"."""
    return anchor_words(key)


@register.filter
def anchor_value(value: date | datetime | None) -> str:
    """The day of an anchor, or its moment on the reader's clock."""
    if isinstance(value, datetime):
        zone = reader_zone()
        return str(moment_text(value, "", zone))
    return day_text(value) if value else _("no date")


@register.filter
def field_words(names: Iterable[str]) -> str:
    """The names of fields of a playbook step in a sentence."""
    return ", ".join(str(FIELDS.get(name, name)) for name in names)


@dataclass(frozen=True)
class FieldChange:
    label: str
    old: str
    new: str


@register.filter
def field_changes(change: ChangedStep) -> list[FieldChange]:
    """What differs between two versions of a step: label, old and new words."""
    return [
        FieldChange(
            str(FIELDS.get(name, name)),
            shown(change.old, name),
            shown(change.new, name),
        )
        for name in change.fields
    ]


def shown(step: StepDefinition, name: str) -> str:
    """The value of a field as people read it."""
    if name in {"offset_value", "offset_unit"} and isinstance(step, PlaybookStep):
        return timing_words(step)
    display = getattr(step, f"get_{name}_display", None)
    value = display() if display else getattr(step, name)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {listed(found)}" for key, found in value.items())
    return listed(value)


def listed(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return ", ".join(map(listed, value))
    return str(value)
