"""What a move remembers of what it changed, as JSON, to put it back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model

from psdelivery.playbooks.models import Anchor, Step
from psdelivery.playbooks.services.deadlines import SCHEDULE_FIELDS

STEP_FIELDS = [*SCHEDULE_FIELDS, "pinned", "state", "open_since"]
# What tells that somebody changed a step since: the scan may have moved on the next
# reminder, which is no reason against putting dates back.
TELLING_FIELDS = ["due_at", "due_is_day", "due_day", "due_zone", "pinned", "state"]
ANCHOR_FIELDS = ["day", "moment", "known_since"]


def values_of(row: Model, names: Sequence[str]) -> dict[str, Any]:
    """Return these fields of a row as JSON holds them."""
    return {name: plain(getattr(row, name)) for name in names}


def plain(value: Any) -> Any:
    """Return a value as JSON holds it; days and moments to the microsecond."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def put_values(row: Model, values: Mapping[str, Any]) -> None:
    """Put recorded values back on a row (not saved)."""
    fields = {field.name: field for field in row._meta.concrete_fields}
    for name, value in values.items():
        setattr(row, name, fields[name].to_python(value))


def change_of(before: Step | None, after: Step) -> dict[str, Any]:
    """Return how a step was and is; one that was not there before was cancelled."""
    old = before if before is not None else cancelled_values(after)
    return {
        "before": values_of(old, STEP_FIELDS) if isinstance(old, Step) else old,
        "after": values_of(after, STEP_FIELDS),
    }


def cancelled_values(step: Step) -> dict[str, Any]:
    """Return what a step becomes that was not there before the move."""
    kept = values_of(step, STEP_FIELDS)
    return kept | {"state": "cancelled", "next_reminder_at": None}


def is_as_left(row: Model, values: Mapping[str, Any], names: Iterable[str]) -> bool:
    """Tell whether a row still is as the move left it."""
    return all(plain(getattr(row, name)) == values[name] for name in names)


def anchor_change(before: Anchor, after: Anchor) -> dict[str, Any]:
    """Return how an anchor was and is."""
    return {
        "key": after.key,
        "before": values_of(before, ANCHOR_FIELDS),
        "after": values_of(after, ANCHOR_FIELDS),
    }
