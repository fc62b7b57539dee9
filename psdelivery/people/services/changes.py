"""Writing a record so that the history can tell what was there before."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from psdelivery.people.events import Changes, RecordChanged, Withheld
from psdelivery.people.models import User
from psdelivery.registry import Reason, RuleRefused, reactions

M = TypeVar("M", bound=models.Model)


@contextmanager
def one_transaction() -> Iterator[None]:
    """Write all or nothing; what two people add at once is refused, not an error.

    The form has looked for duplicates, but between its look and the write somebody
    else, or the second click of the same person, can have been faster.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        sentence = _(
            "Somebody saved the same a moment ago. Look at it before you go on."
        )
        raise RuleRefused([Reason("duplicate", sentence)]) from error


def add_record(record: M, verb: str, *, by: User | None, now: datetime) -> M:
    """Insert a new record and tell the history; inside the caller's transaction."""
    record.save(force_insert=True)
    reactions.publish(RecordChanged(verb=verb, subject=record, by=by, at=now))
    return record


def edit_record(
    record: M,
    values: Mapping[str, object],
    verb: str,
    *,
    by: User | None,
    now: datetime,
) -> M:
    """Write the values that differ and tell the history; nothing when none does.

    The stored row is locked and compared, not the object at hand, which a form has
    already changed.
    """
    stored = type(record)._default_manager.select_for_update().get(pk=record.pk)
    changes = {
        name: (getattr(stored, name), value)
        for name, value in values.items()
        if getattr(stored, name) != value
    }
    for name, (_old, new) in changes.items():
        setattr(stored, name, new)
    if changes:
        stored.save(update_fields=list(changes))
        publish_change(stored, verb, changes, by=by, now=now)
    return stored


def publish_change(
    record: models.Model,
    verb: str,
    changes: Changes,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
    on_behalf_of: User | None = None,
) -> None:
    """Tell the history what changed; inside the caller's transaction.

    Of personal fields it is told only that they changed.
    """
    personal: frozenset[str] = getattr(record, "personal_fields", frozenset())
    told = {
        name: (Withheld.PERSONAL, Withheld.PERSONAL) if name in personal else change
        for name, change in changes.items()
    }
    event = RecordChanged(
        verb=verb,
        subject=record,
        by=by,
        at=now,
        changes=told,
        reason=reason,
        on_behalf_of=on_behalf_of,
    )
    reactions.publish(event)
