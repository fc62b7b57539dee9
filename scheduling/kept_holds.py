"""Soft holds that end together, with the record of a place below that they belong to.

Such a record frees all of its holds at once and tells of it once, so the look of the
schedule leaves them alone.
"""

from django.db.models import Q, QuerySet

from scheduling.models import Allocation

_kept: dict[str, Q] = {}


def keep_holds(name: str, among: Q) -> None:
    """Let a place end the holds among these itself (R-8); the same name replaces."""
    _kept[name] = among


def without_kept(holds: QuerySet[Allocation]) -> QuerySet[Allocation]:
    """Return the holds that no place below ends itself."""
    for among in _kept.values():
        holds = holds.exclude(pk__in=holds.filter(among).values("pk"))
    return holds
