"""The words of choices, found at once.

Django makes all choices of a field into a dictionary each time that a row tells one of
them, and translates every label to do so. Records that stand in long lists inherit
`Labelled`: `get_…_display` then translates the one label that it returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db import models


@lru_cache(maxsize=256)
def labels_of(field: models.Field[Any, Any]) -> Mapping[Any, Any]:
    """Return the labels of a field's choices by value, not yet translated."""
    return dict(field.flatchoices)


class Labelled(models.Model):
    """A record whose choices are told in long lists."""

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: models.Field[Any, Any]) -> Any:  # noqa: N802
        """Return the label of the field's value; an unknown value is its own label."""
        value = getattr(self, field.attname)
        label = labels_of(field).get(value)
        return value if label is None else str(label)
