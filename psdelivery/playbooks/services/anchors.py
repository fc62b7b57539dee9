"""Put dates on anchors, and find the one that a checklist means."""

from collections.abc import Mapping
from datetime import date, datetime

from psdelivery.people.moments import local_day
from psdelivery.playbooks.models import Anchor, Checklist


def dated_anchor(
    anchor: Anchor, value: date | datetime | None, now: datetime
) -> Anchor:
    """Put a day or a moment on the anchor (not saved)."""
    is_moment = isinstance(value, datetime)
    anchor.moment = value if is_moment else None
    anchor.day = None if is_moment else value
    anchor.known_since = None if value is None else now
    return anchor


def nearest_anchor(checklist: Checklist | None, key: str) -> Anchor | None:
    """Return the anchor of that key on the checklist or its nearest ancestor."""
    while checklist is not None:
        anchor = checklist.anchors.filter(key=key).first()
        if anchor is not None:
            return anchor
        checklist = checklist.parent
    return None


def day_of(anchor: Anchor) -> date | None:
    """Return the day of an anchor on its checklist's clock, None without a date."""
    value = anchor.value
    return None if value is None else local_day(value, anchor.checklist.zone)


def value_in(recorded: Mapping[str, str | None]) -> str:
    """Return the day or moment of an anchor that a move recorded, as the text it is."""
    return recorded["moment"] or recorded["day"] or ""
