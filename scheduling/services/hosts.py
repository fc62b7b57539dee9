"""The register of meeting host accounts."""

from collections.abc import Mapping
from datetime import datetime

from psdelivery.people.models import User
from psdelivery.people.services.changes import (
    add_record,
    edit_record,
    one_transaction,
)
from scheduling.models import HostAccount


def add_host(
    values: Mapping[str, object], *, by: User | None, now: datetime
) -> HostAccount:
    """Enter an account that meetings are held with."""
    with one_transaction():
        return add_record(HostAccount(**values), "host-added", by=by, now=now)


def edit_host(
    host: HostAccount, values: Mapping[str, object], *, by: User | None, now: datetime
) -> HostAccount:
    """Change an account; what is planned with it stays."""
    with one_transaction():
        return edit_record(host, values, "host-edited", by=by, now=now)
