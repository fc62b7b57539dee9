"""Taking away what is old, in small transactions that hold nobody up."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction

from psdelivery.history.services import record
from psdelivery.operations.purging import Purge, registered_purges
from psdelivery.people.register import PortalSettings, portal_settings

logger = logging.getLogger(__name__)

BATCH = 1_000


@dataclass(frozen=True)
class Old:
    """How much of a kind is older than the setting says; None: kept for good."""

    purge: Purge
    days: int | None
    count: int


def count_old(now: datetime) -> list[Old]:
    """Return what a purge would take away, without taking it."""
    settings = portal_settings()
    return [_count(purge, settings, now) for purge in registered_purges()]


def _count(purge: Purge, settings: PortalSettings, now: datetime) -> Old:
    before = limit_of(purge, settings, now)
    if before is None:
        return Old(purge, None, 0)
    return Old(purge, (now - before).days, purge.find(before).count())


def limit_of(purge: Purge, settings: PortalSettings, now: datetime) -> datetime | None:
    """Return the moment before which things are old; None where 0 days are set."""
    if not purge.setting:
        return now
    days = settings[purge.setting]
    return now - timedelta(days=days) if days else None


def purge_old(now: datetime, *, seconds: float) -> dict[str, int]:
    """Take away what is old, for so many seconds; return how much of which kind.

    What is left is there the next night. One kind that fails does not keep the
    others from going.
    """
    settings, end = portal_settings(), monotonic() + seconds
    taken: dict[str, int] = {}
    for purge in registered_purges():
        before = limit_of(purge, settings, now)
        if before is not None:
            try:
                taken[purge.key] = sum(_batches(purge, before, end, now))
            except Exception:
                logger.exception("%s could not be purged.", purge.title)
    return taken


def _batches(
    purge: Purge, before: datetime, end: float, now: datetime
) -> Iterator[int]:
    """Yield the size of each batch taken; each is told in its own transaction."""
    while monotonic() < end:
        with transaction.atomic():
            count = _take(purge, before)
            if count and purge.setting:
                _tell(purge, count, now)
        if not count:
            return
        yield count


def _take(purge: Purge, before: datetime) -> int:
    old = purge.find(before)
    keys = list(old.values_list("pk", flat=True)[:BATCH])
    # Found again by both: what somebody took up meanwhile is not old any more.
    return purge.remove(old.filter(pk__in=keys)) if keys else 0


def _tell(purge: Purge, count: int, now: datetime) -> None:
    record("data-purged", by=None, changes={purge.key: (None, count)}, now=now)
