from collections.abc import Mapping
from datetime import datetime

from psdelivery.people.models import Pool, User
from psdelivery.people.services.changes import (
    add_record,
    edit_record,
    one_transaction,
)


def add_pool(values: Mapping[str, object], *, by: User | None, now: datetime) -> Pool:
    """Add a pool for a role, everywhere or in a region."""
    with one_transaction():
        return add_record(Pool(**values), "pool-added", by=by, now=now)


def edit_pool(
    pool: Pool, values: Mapping[str, object], *, by: User | None, now: datetime
) -> Pool:
    """Change a pool; its open steps wait for whoever is in it from then on."""
    with one_transaction():
        return edit_record(pool, values, "pool-edited", by=by, now=now)
