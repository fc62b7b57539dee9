"""What a person decides about one message."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.db import transaction

from psdelivery.history import services as history
from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.models import Message
from psdelivery.outbox.rules import (
    reasons_against_cancel,
    reasons_against_confirming,
    reasons_against_retry,
)
from psdelivery.outbox.services.addresses import reasons_of_bad_addresses
from psdelivery.outbox.services.claims import tell_sent
from psdelivery.outbox.services.queueing import wake
from psdelivery.registry import Reason, RuleRefused, refuse

if TYPE_CHECKING:
    from psdelivery.people.models import User


class Decision(Protocol):
    def __call__(self, message: Message, *, by: User, now: datetime) -> Message: ...


def _decide(
    message: Message,
    reasons_against: Callable[[str], list[Reason]],
    verb: str,
    *,
    by: User,
    now: datetime,
    fields: dict[str, Any],
) -> Message:
    """Change a locked message unless its state, as it is now, forbids it."""
    current = Message.objects.select_for_update().get(pk=message.pk)
    reasons = reasons_against(current.state)
    if reasons:
        raise RuleRefused(reasons)
    before = current.state
    for name, value in fields.items():
        setattr(current, name, value)
    current.lease_until, current.lease_token = None, ""
    current.save(update_fields=[*fields, "lease_until", "lease_token"])
    history.record(
        verb,
        by=by,
        subject=current,
        engagement=current.engagement,
        changes={"state": [before, current.state]},
        now=now,
    )
    return current


def retry_message(message: Message, *, by: User, now: datetime) -> Message:
    """Send a message again, with its old Message-ID. Raises RuleRefused."""
    fields = {"state": State.READY, "attempts": 0, "next_attempt_at": now}
    with transaction.atomic():
        wake()
        if message.audience == Audience.CUSTOMER:
            refuse(reasons_of_bad_addresses(message.recipients))
        return _decide(
            message, reasons_against_retry, "message-retried",
            by=by, now=now, fields=fields,
        )  # fmt: skip


def cancel_message(message: Message, *, by: User, now: datetime) -> Message:
    """Keep a message from leaving. Raises RuleRefused when it has left."""
    with transaction.atomic():
        return _decide(
            message, reasons_against_cancel, "message-cancelled",
            by=by, now=now, fields={"state": State.CANCELLED},
        )  # fmt: skip


def confirm_message(message: Message, *, by: User, now: datetime) -> Message:
    """Note that a message the portal was not sure of has arrived.

    What follows from its having left, such as the tick of its step, follows now.
    """
    with transaction.atomic():
        confirmed = _decide(
            message, reasons_against_confirming, "message-confirmed",
            by=by, now=now, fields={"state": State.SENT, "sent_at": now},
        )  # fmt: skip
        tell_sent(confirmed, by=by, now=now)
        return confirmed
