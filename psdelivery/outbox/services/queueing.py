from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Model
from kombu.exceptions import OperationalError as BrokerError

from psdelivery.history import services as history
from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.drafts import MessageDraft
from psdelivery.outbox.models import Attachment, Message, Recipient
from psdelivery.outbox.rules import (
    normal_address,
    one_line,
    reasons_against_queueing,
    storable,
)
from psdelivery.outbox.services.addresses import reasons_of_bad_addresses
from psdelivery.outbox.services.carrying import carry
from psdelivery.outbox.services.holding import around_absences
from psdelivery.registry import RuleRefused

if TYPE_CHECKING:
    from psdelivery.people.models import User

logger = logging.getLogger(__name__)

CHUNK = 500


def _hint() -> None:
    try:
        current_app.send_task(
            "outbox.send_ready", queue="mail", expires=settings.SCAN_SECONDS
        )
    except (BrokerError, OSError):
        # Only a hint: beat looks into the table every half minute anyway.
        logger.warning("The broker did not answer; the next scan finds the mail.")


def wake() -> None:
    """Tell a worker to look, once what was written can be seen."""
    transaction.on_commit(_hint)


def _message(draft: MessageDraft, now: datetime) -> Message:
    return Message(
        kind=draft.kind,
        audience=draft.audience,
        state=State.READY,
        to=[normal_address(address) for address in draft.to],
        cc=[normal_address(address) for address in draft.cc],
        reply_to=normal_address(draft.reply_to),
        subject=one_line(draft.subject)[:300],
        text=storable(draft.text),
        html=storable(draft.html),
        idempotency_key=draft.idempotency_key,
        engagement_id=draft.engagement.pk if draft.engagement else None,
        created_at=now,
        created_by=draft.by,
        next_attempt_at=draft.not_before or now,
        thread_key=draft.thread_key,
        is_secret=draft.secret,
        why=storable(draft.why),
        reason=draft.reason,
    )


def _recipients(messages: Iterable[Message]) -> list[Recipient]:
    return [
        Recipient(message=message, address=address)
        for message in messages
        for address in sorted({a.lower() for a in message.recipients})
    ]


def _record_clicks(messages: Iterable[Message]) -> None:
    """Tell the history which person let which mail leave for a customer."""
    clicked = [m for m in messages if m.audience == Audience.CUSTOMER]
    drafts = [
        history.EventDraft(
            verb="message-queued",
            by=message.created_by,
            subject=message,
            engagement=message.engagement,
        )
        for message in clicked
    ]
    if drafts:
        history.record_many(drafts, now=clicked[0].created_at)


def _insert(messages: Sequence[Message]) -> list[Message]:
    """Insert what is new and return, in order, what now stands under each key."""
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    keys = [message.idempotency_key for message in messages]
    known = Message.objects.filter(idempotency_key__in=keys)
    stored = {
        message.idempotency_key: message
        for message in known.select_related("engagement__customer", "created_by")
    }
    # A row with an id that was made here is new; any other was there before.
    ours = {message.id for message in messages}
    new = [message for message in stored.values() if message.id in ours]
    Recipient.objects.bulk_create(_recipients(new))
    _record_clicks(new)
    return [stored[key] for key in keys]


def _customers_of(drafts: Iterable[MessageDraft]) -> list[str]:
    """Return the addresses of customer mail: those of staff fail one by one.

    One bad address of a colleague must not hold up the reminders of everybody.
    """
    mine = (one for one in drafts if one.audience == Audience.CUSTOMER)
    return [address for draft in mine for address in (*draft.to, *draft.cc)]


def queue_many(drafts: Sequence[MessageDraft], now: datetime) -> list[Message]:
    """Queue mails, each at most once by its key, and wake a worker.

    Returns one message a draft, in order: the one that was there already when the
    key is known, the mail of a morning for who wants such news once a day. Raises
    RuleRefused, and queues nothing, when one cannot leave.
    """
    reasons = [reason for draft in drafts for reason in reasons_against_queueing(draft)]
    reasons += reasons_of_bad_addresses(_customers_of(drafts))
    if reasons:
        raise RuleRefused(reasons)
    with transaction.atomic():
        around = around_absences(drafts, now)
        carried = carry(around, now)
        alone = [draft for draft in around if draft.idempotency_key not in carried]
        messages = [_message(draft, now) for draft in alone]
        chunks = [messages[i : i + CHUNK] for i in range(0, len(messages), CHUNK)]
        stored = [message for chunk in chunks for message in _insert(chunk)]
        _attach(alone, messages, stored)
        wake()
    by_key = carried | {one.idempotency_key: one for one in stored}
    return [by_key[draft.idempotency_key] for draft in drafts]


def _attach(
    drafts: Sequence[MessageDraft],
    messages: Sequence[Message],
    stored: Sequence[Message],
) -> None:
    """Keep the files of the mails that were really added."""
    files = [
        Attachment(
            message=kept,
            filename=one.filename,
            content_type=one.content_type,
            content=one.content,
        )
        for draft, message, kept in zip(drafts, messages, stored, strict=True)
        if message.id == kept.id
        for one in draft.attachments
    ]
    if files:
        Attachment.objects.bulk_create(files)


def queue_message(
    *,
    kind: str,
    audience: Audience,
    to: Sequence[str],
    idempotency_key: str,
    now: datetime,
    subject: str = "",
    text: str = "",
    html: str = "",
    engagement: Model | None = None,
    by: User | None = None,
    cc: Sequence[str] = (),
    reply_to: str = "",
    thread_key: str = "",
    why: str = "",
    reason: str = "",
    secret: bool = False,
) -> Message:
    """Queue one mail, see `queue_many`; returns the stored message."""
    draft = MessageDraft(
        kind=kind,
        audience=audience,
        to=to,
        cc=cc,
        reply_to=reply_to,
        subject=subject,
        text=text,
        html=html,
        idempotency_key=idempotency_key,
        engagement=engagement,
        by=by,
        thread_key=thread_key,
        why=why,
        reason=reason,
        secret=secret,
    )
    return queue_many([draft], now)[0]
