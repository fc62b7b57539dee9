"""Reads of soft holds: which end soon, and what the page of one shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from psdelivery.people.models import User
from scheduling.hold_access import asked_by
from scheduling.models import Allocation


@dataclass(frozen=True)
class HoldFilter:
    """What the list is narrowed to; `days`: ends within so many, None for any."""

    days: int | None = None
    region_id: int | None = None
    mine: bool = False


def holds_matching(
    holds: QuerySet[Allocation], wanted: HoldFilter, user: User, now: datetime
) -> QuerySet[Allocation]:
    """Narrow soft holds; the one that ends next stands first."""
    found = holds
    if wanted.days is not None:
        found = found.filter(expires_at__lte=now + timedelta(days=wanted.days))
    if wanted.region_id is not None:
        found = found.filter(engagement__region=wanted.region_id)
    if wanted.mine:
        found = found.filter(asked_by(user))
    needs = ("person", "engagement__customer", "request__requested_by", "placed_by")
    return found.select_related(*needs).order_by("expires_at", "pk")
