from collections.abc import Iterable
from typing import Any

from django import template
from django.db.models import Model

from psdelivery import clock
from psdelivery.history.lines import event_lines
from psdelivery.history.models import Event
from psdelivery.history.queries import events_for_subject
from psdelivery.people.templatetags.moments import reader_zone

register = template.Library()


@register.inclusion_tag("history/partials/_event_list.html")
def event_list(events: Iterable[Event]) -> dict[str, Any]:
    """Show events as a timeline, on the reader's clock."""
    zone = reader_zone()
    return {"lines": event_lines(events, zone=zone, now=clock.now())}


@register.inclusion_tag("history/partials/_event_list.html")
def history_of(subject: Model) -> dict[str, Any]:
    """Show what happened to one record, newest first; money is left out."""
    return event_list(events_for_subject(subject))
