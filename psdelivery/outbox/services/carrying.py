"""Staff mail that somebody wants once a day is put into their mail of the morning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from psdelivery.outbox.choices import Audience
from psdelivery.outbox.daily import (
    KIND,
    WHY_DAILY,
    after_the_scan,
    coming_morning,
    digest_key,
    hold_open,
)
from psdelivery.outbox.drafts import MessageDraft
from psdelivery.outbox.models import Message, Notice, Recipient
from psdelivery.outbox.rules import normal_address, one_line, storable
from psdelivery.people.away import away_on
from psdelivery.people.choices import NotificationDelivery
from psdelivery.people.models import User
from psdelivery.people.notifications import (
    APPROVAL,
    CHANGE,
    HANDOFF,
    MENTION,
    delivery_for,
)
from psdelivery.people.register import portal_settings

# Reminders of steps are put together where they are decided.
CAN_WAIT = frozenset({MENTION, HANDOFF, APPROVAL, CHANGE})


@dataclass(frozen=True)
class Waiting:
    """A mail that waits for a person's morning, by the key of the mail of that day."""

    draft: MessageDraft
    person: User
    morning: datetime

    @property
    def day(self) -> date:
        return self.morning.astimezone(ZoneInfo(self.person.zone)).date()

    @property
    def key(self) -> str:
        return digest_key(self.person.pk, self.day)


def carry(drafts: Sequence[MessageDraft], now: datetime) -> dict[str, Message]:
    """Put what can wait into mails of the morning; return these by each draft's key.

    What is not in it leaves at once on its own: nobody chose otherwise, the person is
    away that morning (R-23), or the mail of that day was cancelled. Call it inside the
    transaction that queues the others.
    """
    waiting = waiting_for_morning(drafts, now)
    if not waiting:
        return {}
    parts: dict[str, list[MessageDraft]] = {}
    for one in waiting:
        parts.setdefault(one.key, []).append(one.draft)
    open_mails(waiting, now)
    mails = Message.objects.filter(idempotency_key__in=list(parts))
    held = hold_open(mails, parts, now, str(WHY_DAILY))
    by_key = {mail.idempotency_key: mail for mail in mails.all()}
    carried = [one for one in waiting if one.key in held]
    Notice.objects.bulk_create(
        [notice_of(one, by_key[one.key], now) for one in carried],
        ignore_conflicts=True,
    )
    return {one.draft.idempotency_key: by_key[one.key] for one in carried}


def waiting_for_morning(drafts: Sequence[MessageDraft], now: datetime) -> list[Waiting]:
    """Return the mails whose reader wants them once a day, and is there that day."""
    candidates = [draft for draft in drafts if can_wait(draft)]
    if not candidates:
        return []
    addresses = {draft.to[0].lower() for draft in candidates}
    people = {
        one.email.lower(): one for one in User.objects.filter(email__in=addresses)
    }
    ids = [one.pk for one in people.values()]
    wanted = {
        reason: delivery_for(ids, reason)
        for reason in sorted({draft.reason for draft in candidates})
    }
    hour = portal_settings()["reminders.hour"]
    found = [
        Waiting(draft, person, coming_morning(person, hour, now))
        for draft in candidates
        if (person := people.get(draft.to[0].lower())) is not None
        and wanted[draft.reason][person.pk] == NotificationDelivery.DIGEST
    ]
    found = [one for one in found if comes_in_time(one)]
    known, absent = told_before(found), absent_then(found)
    return [
        one
        for one in found
        if one.draft.idempotency_key not in known and one.key not in absent
    ]


def comes_in_time(waiting: Waiting) -> bool:
    """Tell whether the morning is early enough for what the mail is about."""
    needed = waiting.draft.needed_by
    return needed is None or waiting.morning <= needed


def can_wait(draft: MessageDraft) -> bool:
    """Tell whether a mail is news to one colleague, with a text and nothing else."""
    is_news = draft.audience == Audience.STAFF and draft.reason in CAN_WAIT
    is_plain = not draft.cc and not draft.attachments and not draft.secret
    to_one = len(draft.to) == 1 and draft.not_before is None
    return is_news and is_plain and to_one and bool(draft.text)


def told_before(waiting: Sequence[Waiting]) -> set[str]:
    """Return the keys of those that left on their own before: never twice."""
    keys = [one.draft.idempotency_key for one in waiting]
    found = Message.objects.filter(idempotency_key__in=keys)
    return set(found.values_list("idempotency_key", flat=True))


def absent_then(waiting: Sequence[Waiting]) -> set[str]:
    """R-23: return the mornings on which their reader is away; one query a day."""
    by_day: dict[date, list[Waiting]] = {}
    for one in waiting:
        by_day.setdefault(one.day, []).append(one)
    absent: set[str] = set()
    for day, those in by_day.items():
        away = away_on([one.person.pk for one in those], day)
        absent |= {one.key for one in those if one.person.pk in away}
    return absent


def open_mails(waiting: Sequence[Waiting], now: datetime) -> None:
    """Make the mails of these mornings, unless they are there."""
    firsts = {one.key: one for one in reversed(waiting)}
    mails = [mail_of(one, now) for one in firsts.values()]
    Message.objects.bulk_create(mails, ignore_conflicts=True)
    ours = Message.objects.filter(pk__in=[mail.pk for mail in mails])
    Recipient.objects.bulk_create(
        Recipient(message=mail, address=mail.to[0].lower()) for mail in ours
    )


def mail_of(one: Waiting, now: datetime) -> Message:
    """Return the mail of a morning (not saved); it is written when it leaves."""
    draft = one.draft
    return Message(
        kind=KIND,
        audience=Audience.STAFF,
        to=[normal_address(draft.to[0])],
        idempotency_key=one.key,
        engagement_id=draft.engagement.pk if draft.engagement else None,
        thread_key=one.key.replace(":", "-"),
        why=str(WHY_DAILY),
        reason=draft.reason,
        created_at=now,
        next_attempt_at=after_the_scan(one.morning),
    )


def notice_of(one: Waiting, mail: Message, now: datetime) -> Notice:
    """Return what the mail of the morning will tell (not saved)."""
    return Notice(
        message=mail,
        key=one.draft.idempotency_key,
        subject=one_line(one.draft.subject)[:300],
        text=storable(one.draft.text),
        html=storable(one.draft.html),
        created_at=now,
    )
