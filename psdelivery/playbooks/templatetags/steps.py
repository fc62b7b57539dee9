"""Words of steps for templates."""

from datetime import date

from django import template
from django.utils import timezone

from psdelivery import clock
from psdelivery.calendars import Offset, OffsetUnit
from psdelivery.playbooks.models import PlaybookStep, Step
from psdelivery.playbooks.rules.deadlines import span_from_anchor_words
from psdelivery.playbooks.words import anchor_words

register = template.Library()


@register.simple_tag
def today() -> date:
    """The reader's day."""
    return clock.today(timezone.get_current_timezone_name())


@register.filter
def timing_words(step: PlaybookStep) -> str:
    """When a playbook step is due, relative to its anchor."""
    offset = Offset(step.offset_value, OffsetUnit(step.offset_unit))
    return span_from_anchor_words(offset, step.anchor)


@register.filter
def awaited(step: Step) -> str:
    """What a step without a date waits for: "the kickoff"."""
    return anchor_words(step.anchor.key)
