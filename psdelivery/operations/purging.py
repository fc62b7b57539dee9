"""What is taken away when it is old: each place enters its own, with a setting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from psdelivery.history.verbs import register_field
from psdelivery.people.register import Setting, register_setting


def delete_rows(old: QuerySet[Any]) -> int:
    """Delete these rows with all that hangs on them; return how many rows it were."""
    _all, by_model = old.delete()
    return by_model.get(old.model._meta.label, 0)


@dataclass(frozen=True)
class Purge:
    """`find` gives what is older than a moment, `remove` takes away a bounded part.

    `find` never gives what somebody or something still has to act on. `remove` runs
    in a transaction and returns how many it took; what it took is not found again.
    `setting` is the key of the days in the register; empty: it is past at once, and
    the history does not tell of it.
    """

    key: str
    title: str | Promise
    find: Callable[[datetime], QuerySet[Any]]
    remove: Callable[[QuerySet[Any]], int] = delete_rows
    setting: str = ""


_purges: dict[str, Purge] = {}


def register_purge(purge: Purge) -> None:
    """Enter what is purged at night; a second entry of the same key replaces it."""
    _purges[purge.key] = purge
    register_field(purge.key, purge.title)


def register_purge_after_days(
    purge: Purge, *, title: str | Promise, help: str | Promise, default: int
) -> None:
    """Enter what is purged after the days of its setting, which managers may change.

    `title` and `help` are the setting's, `default` its days; 0 keeps all for good.
    """
    register_setting(
        Setting(
            key=purge.setting,
            title=title,
            help=help,
            type="int",
            default=default,
            minimum=0,
            maximum=36_500,
            unit=_("days"),
        )
    )
    register_purge(purge)


def registered_purges() -> list[Purge]:
    """Return everything that is purged, in a fixed order."""
    return [_purges[key] for key in sorted(_purges)]
