"""Words of steps for templates."""

from datetime import date

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from psdelivery import clock
from psdelivery.calendars import Offset, OffsetUnit
from psdelivery.playbooks.models import PlaybookStep, Step
from psdelivery.playbooks.rules.deadlines import span_from_anchor_words
from psdelivery.playbooks.words import anchor_words

register = template.Library()

PLANNED_DAYS = frozenset({"planned_start", "planned_end"})


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
    """What a step without a date waits for: "the kickoff".

    Planned days count from the opening of the gate on, so they wait for both.
    """
    words = anchor_words(step.anchor.key)
    if step.anchor.key in PLANNED_DAYS:
        return _("the gate and %(day)s") % {"day": words}
    return words
