"""Reminders told together: one mail a person and morning, for who wants it so.

R-21 holds as for single ones: the reminder is decided by its own unique row, in the
transaction that attaches it to the mail. The mail is known by person and day, so
whatever runs twice finds the one that is there. Reminders of a pool with several
people go to all of them at once: nobody's choice counts for the others.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from psdelivery.outbox.daily import (
    PREFIX,
    after_the_scan,
    digest_key,
    hold_open,
    next_morning,
    still_open,
)
from psdelivery.outbox.drafts import MessageDraft
from psdelivery.outbox.models import Message
from psdelivery.outbox.services import queue_many
from psdelivery.people.away import away_on
from psdelivery.people.choices import NotificationDelivery
from psdelivery.people.models import User
from psdelivery.people.notifications import STEP_DUE, STEP_LATE, delivery_for
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.words import WHY_TOGETHER


@dataclass(frozen=True)
class Told:
    """A reminder on its way: of which step, as the mail of its own that it would be."""

    step: Step
    draft: MessageDraft


@dataclass(frozen=True)
class Morning:
    """With which mail a person hears of a reminder: that of today, or the next."""

    at: datetime
    key: str
    is_next: bool
    is_away: bool = False


def queue_together(
    told: Iterable[Told], *, hour: int, leaves: datetime, now: datetime
) -> list[Message | None]:
    """Queue reminders, those who want it so in one mail; return the mail of each.

    None where there is nobody to write to. Call it inside the transaction that saves
    the reminders: until then no sender takes a mail that one of them was added to.
    """
    items = list(told)
    drafts = together(items, hour=hour, leaves=leaves, now=now)
    messages = queue_many(unique(draft for draft in drafts if draft.to), now=now)
    held = hold_open(messages, parts_of(drafts), now, str(WHY_TOGETHER))
    # Taken by a sender in this very moment: what is left goes on its own.
    late = [
        one.draft
        for one, draft in zip(items, drafts, strict=True)
        if draft.to and draft != one.draft and draft.idempotency_key not in held
    ]
    messages += queue_many(late, now=now)
    by_key = {message.idempotency_key: message for message in messages}
    keys = [
        draft.idempotency_key
        if draft.idempotency_key in held
        else one.draft.idempotency_key
        for one, draft in zip(items, drafts, strict=True)
    ]
    return [by_key.get(key) for key in keys]


def unique(drafts: Iterable[MessageDraft]) -> list[MessageDraft]:
    """Return one draft a key."""
    return list({draft.idempotency_key: draft for draft in drafts}.values())


def parts_of(drafts: Iterable[MessageDraft]) -> dict[str, list[MessageDraft]]:
    """Return the drafts that share a mail of a day, by its key."""
    parts: dict[str, list[MessageDraft]] = {}
    for draft in drafts:
        if draft.idempotency_key.startswith(PREFIX):
            parts.setdefault(draft.idempotency_key, []).append(draft)
    return parts


def together(
    items: list[Told], *, hour: int, leaves: datetime, now: datetime
) -> list[MessageDraft]:
    """Return the drafts, those who want it so with the key of their mail of the day.

    Once that has left, a reminder waits for the next morning; on its due day, when it
    would come after the deadline, or to somebody away by then (R-23), it leaves at
    once on its own.
    """
    readers = readers_of(items)
    people = {person.pk: person for person in readers.values()}
    mornings = mornings_of(people.values(), hour, leaves, now)
    return [
        digested(one, mornings[person.pk], person, now)
        if (person := readers.get(reader_of(one))) is not None
        else one.draft
        for one in items
    ]


def mornings_of(
    people: Iterable[User], hour: int, leaves: datetime, now: datetime
) -> dict[int, Morning]:
    """Return with which mail each person hears of what is decided now."""
    found = list(people)
    today = {one.pk: now.astimezone(ZoneInfo(one.zone)).date() for one in found}
    gone = keys_that_left((digest_key(pk, day) for pk, day in today.items()), now)
    mornings = {
        one.pk: Morning(leaves, digest_key(one.pk, today[one.pk]), is_next=False)
        for one in found
    }
    waiting = [one for one in found if mornings[one.pk].key in gone]
    absent = absent_then(waiting, hour, now)
    for one in waiting:
        at = next_morning(one, hour, now)
        key = digest_key(one.pk, at.astimezone(ZoneInfo(one.zone)).date())
        mornings[one.pk] = Morning(
            after_the_scan(at), key, is_next=True, is_away=one.pk in absent
        )
    return mornings


def absent_then(people: list[User], hour: int, now: datetime) -> set[int]:
    """R-23: return who is away on the next working morning; one query a day."""
    by_day: dict[date, list[int]] = {}
    for person in people:
        at = next_morning(person, hour, now)
        day = at.astimezone(ZoneInfo(person.zone)).date()
        by_day.setdefault(day, []).append(person.pk)
    return {pk for day, ids in by_day.items() for pk in away_on(ids, day)}


def reader_of(one: Told) -> tuple[str, str]:
    """Return to which single address a reminder goes, and why; empty for several."""
    only = one.draft.to[0].lower() if len(one.draft.to) == 1 else ""
    return only, one.draft.reason


def readers_of(items: list[Told]) -> dict[tuple[str, str], User]:
    """Return who wants reminders of a reason together, by address and reason."""
    addresses = {reader_of(one)[0] for one in items} - {""}
    people = list(User.objects.filter(email__in=addresses))
    wanted = {
        reason: delivery_for([person.pk for person in people], reason)
        for reason in (STEP_DUE, STEP_LATE)
    }
    return {
        (person.email.lower(), reason): person
        for person in people
        for reason, choices in wanted.items()
        if choices[person.pk] == NotificationDelivery.DIGEST
    }


def keys_that_left(keys: Iterable[str], now: datetime) -> set[str]:
    """Return which mails of a day have left, or are just leaving."""
    found = Message.objects.filter(idempotency_key__in=list(keys))
    return set(found.exclude(still_open(now)).values_list("idempotency_key", flat=True))


def digested(one: Told, morning: Morning, person: User, now: datetime) -> MessageDraft:
    """Return the reminder as part of the mail of a day, or as it was."""
    due = one.step.due_at
    if morning.is_next and (
        morning.is_away
        or (due is not None and morning.at >= due)
        or is_due_day(one.step, now, ZoneInfo(person.zone))
    ):
        return one.draft
    return replace(one.draft, cc=(), idempotency_key=morning.key, not_before=morning.at)


def is_due_day(step: Step, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether the reader's today is the day of the deadline, or after it."""
    today = now.astimezone(zone).date()
    if step.due_is_day and step.due_day is not None:
        return step.due_day <= today
    return step.due_at is not None and step.due_at.astimezone(zone).date() <= today
