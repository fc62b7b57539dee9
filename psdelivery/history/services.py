"""Writing history: in the same transaction as the change that it tells of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from psdelivery.history.models import SUBJECT_LENGTH, Event
from psdelivery.people.events import Withheld
from psdelivery.people.models import Contact, User

# Field → old value and new value.
Changes = Mapping[str, Sequence[object]]


@dataclass(frozen=True, kw_only=True)
class EventDraft:
    """An event before it is written; `by=None` is the portal itself.

    `at` is when it happened, where that is not when it is written.
    """

    verb: str
    by: User | None
    subject: models.Model | None = None
    engagement: models.Model | None = None
    changes: Changes = field(default_factory=dict)
    reason: str = ""
    money: bool = False
    on_behalf_of: User | None = None
    at: datetime | None = None


def record(
    verb: str,
    *,
    by: User | None,
    now: datetime,
    subject: models.Model | None = None,
    engagement: models.Model | None = None,
    changes: Changes | None = None,
    reason: str = "",
    money: bool = False,
    on_behalf_of: User | None = None,
) -> Event:
    """Write what happened, inside the caller's transaction.

    `changes` maps a field to its old and new value. What tells money goes into
    an event of its own, since a reader sees an event whole or not at all.
    Secrets (links to join or register, codes) do not belong here.
    """
    draft = EventDraft(
        verb=verb,
        by=by,
        subject=subject,
        engagement=engagement,
        changes=changes or {},
        reason=reason,
        money=money,
        on_behalf_of=on_behalf_of,
    )
    return record_many([draft], now=now)[0]


def record_many(drafts: Iterable[EventDraft], *, now: datetime) -> list[Event]:
    """Write many events with one query; they read in the order given."""
    # Without a savepoint: an event that cannot be written takes its cause back too.
    with transaction.atomic(savepoint=False):
        return Event.objects.bulk_create([_event(draft, now) for draft in drafts])


def _event(draft: EventDraft, now: datetime) -> Event:
    subject = draft.subject
    return Event(
        at=draft.at or now,
        actor=draft.by,
        on_behalf_of=draft.on_behalf_of,
        verb=draft.verb,
        engagement_id=draft.engagement.pk if draft.engagement else None,
        subject_type=ContentType.objects.get_for_model(subject) if subject else None,
        subject_id=str(subject.pk) if subject else "",
        subject_label=_label(subject),
        changes={
            name: [plain(old), plain(new)] for name, (old, new) in draft.changes.items()
        },
        reason=draft.reason,
        is_money=draft.money,
    )


def _label(subject: models.Model | None) -> str:
    # The name of a person is looked up when read, as in `plain`.
    if subject is None or isinstance(subject, User | Contact):
        return ""
    return str(subject)[:SUBJECT_LENGTH]


def plain(value: object) -> object:
    """Turn a value into what JSON can hold and `lines` can read back.

    A person stands by id, never by name, so that erasing the person erases the
    name from the history too; so does a contact.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, User | Contact):
        return {"person" if isinstance(value, User) else "contact": value.pk}
    if isinstance(value, Withheld):
        return {"withheld": value.value}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    return str(value)
