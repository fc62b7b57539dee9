"""Who may send a message now: claims by conditional UPDATE, with a lease.

Each function changes rows only while they are as the caller believes, so two
workers, a repeated task or a worker that comes back late do no harm.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import SystemRandom
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from psdelivery.history import services as history
from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.events import MessageSent
from psdelivery.outbox.models import Message
from psdelivery.outbox.rules import (
    next_attempt,
    state_after_unknown,
    without_addresses,
)
from psdelivery.registry import reactions

if TYPE_CHECKING:
    from psdelivery.people.models import User

logger = logging.getLogger(__name__)
_jitter = SystemRandom().random

# Written behind the token of a lease that ran out once while sending.
OVERDUE = "?"
FREE: dict[str, Any] = {"lease_until": None, "lease_token": ""}


def _lease_end(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)


def claim(now: datetime, limit: int) -> list[Message]:
    """Claim up to `limit` due messages; nobody else can claim them meanwhile.

    The rows are locked in one order first, so that two claimers wait for each
    other and never dead-lock; the UPDATE asks again what it may take.
    """
    token = uuid.uuid4().hex
    due = Message.objects.due(now)
    with transaction.atomic():
        first = due.select_for_update().order_by("next_attempt_at", "id")
        ids = list(first.values_list("pk", flat=True)[:limit])
        due.filter(pk__in=ids).update(lease_token=token, lease_until=_lease_end(now))
    return list(
        Message.objects.filter(lease_token=token, pk__in=ids).order_by(
            "next_attempt_at", "id"
        )
    )


def release(messages: Sequence[Message]) -> None:
    """Give back what was claimed and not begun."""
    if not messages:
        return
    Message.objects.filter(
        pk__in=[message.pk for message in messages],
        lease_token=messages[0].lease_token,
        state=State.READY,
    ).update(**FREE)


def begin(message: Message, now: datetime) -> bool:
    """Mark as being sent, with its final text; False when the claim was lost."""
    message.attempts += 1
    changed = Message.objects.filter(
        pk=message.pk, state=State.READY, lease_token=message.lease_token
    ).update(
        state=State.SENDING,
        lease_until=_lease_end(now),
        attempts=message.attempts,
        subject=message.subject,
        text=message.text,
        html=message.html,
    )
    return changed == 1


def settle(message: Message, expected: State, **fields: Any) -> bool:
    """Write what became of a claimed message and free it."""
    token = message.lease_token
    changed = Message.objects.filter(
        pk=message.pk, state=expected, lease_token__in=[token, token + OVERDUE]
    ).update(**FREE, **fields)
    if not changed:
        logger.warning("Message %s was taken over by another sender.", message.pk)
    return changed == 1


def put_off(message: Message, expected: State, *, now: datetime, error: str) -> None:
    """Leave a message for a later try, the later the more tries there were."""
    settle(
        message,
        expected,
        state=State.READY,
        attempts=message.attempts,
        next_attempt_at=next_attempt(message.attempts, now, _jitter()),
        last_error=error,
    )


def settle_with_history(
    message: Message, expected: State, state: State, *, now: datetime, error: str
) -> None:
    """Write a bad end and its history event together."""
    with transaction.atomic():
        if settle(message, expected, state=state, last_error=error):
            record_end(message, state, now=now, error=error)


def settle_sent(message: Message, expected: State, *, now: datetime) -> None:
    """Write that a message left, together with what follows from it.

    The mail cannot be taken back: whatever a reaction says, it counts as sent.
    """
    sent: dict[str, Any] = {"state": State.SENT, "sent_at": now}
    if message.audience != Audience.CUSTOMER:
        settle(message, expected, last_error="", **sent)
        return
    try:
        with transaction.atomic():
            if settle(message, expected, last_error="", **sent):
                tell_sent(
                    message, by=message.approved_by or message.created_by, now=now
                )
    except Exception as error:
        logger.exception("What follows from message %s failed.", message.pk)
        note = _("It left, but what follows from it could not be done: %(error)s")
        settle(message, expected, last_error=note % {"error": error}, **sent)


def tell_sent(message: Message, *, by: User | None, now: datetime) -> None:
    """Tell the places below that a mail left now."""
    message.state, message.sent_at = State.SENT, message.sent_at or now
    event = MessageSent(message=message, sent_at=message.sent_at, by=by, now=now)
    reactions.publish(event)


def record_end(message: Message, state: State, *, now: datetime, error: str) -> None:
    """Record that the portal could not bring a message to a good end."""
    history.record(
        f"message-{state.replace('_', '-')}",
        by=None,
        subject=message,
        engagement=message.engagement,
        reason=without_addresses(error),
        now=now,
    )


def recover(now: datetime) -> None:
    """Take over what a sender left behind in the middle of sending.

    A lease must run out twice: the first time it is only marked and renewed. So a
    clock set forward does not make a second copy while the sender is alive.
    """
    expired = Message.objects.expired(now)
    if not expired.exists():
        return
    _give_up_on(Audience.STAFF, now)
    _give_up_on(Audience.CUSTOMER, now)
    expired.exclude(lease_token__endswith=OVERDUE).update(
        lease_token=Concat(F("lease_token"), Value(OVERDUE)),
        lease_until=_lease_end(now),
    )


def _give_up_on(audience: Audience, now: datetime) -> None:
    state = state_after_unknown(audience)
    error = _("The sender died while sending: it may or may not have arrived.")
    with transaction.atomic():
        dead = Message.objects.expired(now).filter(
            audience=audience, lease_token__endswith=OVERDUE
        )
        messages = list(dead.select_for_update().order_by("pk"))
        Message.objects.expired(now).filter(
            pk__in=[message.pk for message in messages],
            lease_token__endswith=OVERDUE,
        ).update(state=state, next_attempt_at=now, last_error=error, **FREE)
        if state == State.NEEDS_LOOK:
            for message in messages:
                record_end(message, state, now=now, error=error)
