"""Mails that a person sent from somewhere else: told to the portal, same effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from psdelivery.documents.models import Document
from psdelivery.history import services as history
from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.events import MessageSent
from psdelivery.outbox.models import Message, Recipient
from psdelivery.outbox.rules.drafts import DRAFT_STATES, UNDER_WAY
from psdelivery.outbox.rules.messages import (
    is_address,
    normal_address,
    one_line,
    storable,
)
from psdelivery.outbox.templates import mail_kind
from psdelivery.registry import Reason, RuleRefused, reactions

if TYPE_CHECKING:
    from psdelivery.people.models import User


@dataclass(frozen=True, kw_only=True)
class SentElsewhere:
    """What a person says of a mail that left from somewhere else.

    `document` is the mail as a file or link, where it was not copied as `text`.
    """

    sent_at: datetime
    to: Sequence[str]
    subject: str
    text: str = ""
    document: Document | None = None


@transaction.atomic
def send_elsewhere(
    kind_key: str, told: SentElsewhere, *, step: Any, by: User, now: datetime
) -> Message:
    """Note that the mail of a step was sent from elsewhere; the step is done by it.

    A draft for the step is discarded. Raises RuleRefused for a moment to come, without
    an address, without text or file, and while the portal's own mail is under way.
    """
    reasons = reasons_against_telling(told, now=now)
    others = Message.objects.select_for_update(of=("self",)).filter(step=step.pk)
    reasons += [_reason_of(one) for one in others if one.state in UNDER_WAY]
    if reasons:
        raise RuleRefused(reasons)
    for draft in others:
        if draft.state in DRAFT_STATES | {State.FAILED}:
            Message.objects.filter(pk=draft.pk).update(state=State.CANCELLED)
    message = _keep(kind_key, told, step, by=by, now=now)
    history.record(
        "message-elsewhere",
        by=by,
        subject=message,
        engagement=message.engagement,
        now=now,
    )
    event = MessageSent(message=message, sent_at=told.sent_at, by=by, now=now)
    reactions.publish(event)
    return message


def reasons_against_telling(told: SentElsewhere, *, now: datetime) -> list[Reason]:
    """Return what is missing in what a person says of a mail."""
    wrong = [address for address in told.to if not is_address(normal_address(address))]
    checks = [
        ("sent_at", told.sent_at > now, _("This moment is still to come.")),
        ("to", not told.to, _("Say to whom it went.")),
        ("to", bool(wrong), _("Not an e-mail address: %s.") % ", ".join(wrong)),
        (
            "text",
            not told.text.strip() and told.document is None,
            _("Copy the text of the mail here, or add it as a file or link."),
        ),
    ]
    return [Reason(code, sentence) for code, holds, sentence in checks if holds]


def _reason_of(message: Message) -> Reason:
    sentence = _("A mail for this step is %(state)s: decide about that one first.")
    words = {"state": message.get_state_display().lower()}
    url = message.get_absolute_url()
    return Reason("under-way", sentence % words, url, _("Open the mail"))


def _keep(
    kind_key: str, told: SentElsewhere, step: Any, *, by: User, now: datetime
) -> Message:
    kind = mail_kind(kind_key)
    record = kind.topic.of_step(step) if kind else None
    message = Message.objects.create(
        kind=kind_key,
        audience=Audience.CUSTOMER,
        state=State.ELSEWHERE,
        to=[normal_address(address) for address in told.to],
        subject=one_line(told.subject)[:300],
        text=storable(told.text),
        engagement_id=step.engagement_id,
        step_id=step.pk,
        thread_key=kind.topic.thread_of(record) if kind and record else "",
        idempotency_key=f"elsewhere:{uuid4()}",
        created_at=now,
        created_by=by,
        approved_at=now,
        approved_by=by,
        next_attempt_at=now,
        sent_at=told.sent_at,
        source={"document": told.document.pk} if told.document else {},
    )
    addresses = sorted({address.lower() for address in message.to})
    Recipient.objects.bulk_create(
        Recipient(message=message, address=address) for address in addresses
    )
    return message
