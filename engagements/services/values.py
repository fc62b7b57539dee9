"""Put values on a record and tell what differs."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model


def write_values(record: Model, values: Mapping[str, Any]) -> dict[str, list[object]]:
    """Put the values on the record (not saved); return what differs, in words."""
    told: dict[str, list[object]] = {}
    for name, value in values.items():
        if getattr(record, name) == value:
            continue
        old = words_of(record, name)
        setattr(record, name, value)
        told[name] = [old, words_of(record, name)]
    return told


def words_of(record: Model, name: str) -> object:
    """Return a field as the history tells it: a choice by its word."""
    display = getattr(record, f"get_{name}_display", None)
    return str(display()) if display else getattr(record, name)
