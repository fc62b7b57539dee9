from collections.abc import Iterable
from typing import Any

from django import template
from django.utils import timezone

from psdelivery.history.lines import event_lines
from psdelivery.history.models import Event

register = template.Library()


@register.inclusion_tag("history/partials/_event_list.html")
def event_list(events: Iterable[Event]) -> dict[str, Any]:
    """Show events as a timeline, on the reader's clock."""
    zone = timezone.get_current_timezone_name()
    return {"lines": event_lines(events, zone=zone)}
