"""Claim, render, send, commit: one message after the other."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Lock
from time import monotonic

from django.conf import settings

from psdelivery import clock
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.outbox.rules import (
    Trouble,
    is_server_trouble,
    outcome_of,
    state_after,
)
from psdelivery.outbox.services import claims
from psdelivery.outbox.services.rendering import with_texts
from psdelivery.outbox.transport import Courier, NotDeliveredError, smtp_is_set

logger = logging.getLogger(__name__)

# One sender a process: more would only wait for each other's rows.
_sender = Lock()
_word_left = Event()


@dataclass(frozen=True)
class BatchResult:
    claimed: int
    server_is_down: bool = False


def send_due(now: datetime, limit: int) -> int:
    """Send up to `limit` due messages; returns how many were claimed.

    0 when another thread of this process is sending already.
    """
    if not _sender.acquire(blocking=False):
        return 0
    try:
        claims.recover(now)
        return send_batch(now, limit).claimed
    finally:
        _sender.release()


def send_all_due(*, seconds: float) -> bool:
    """Send batch after batch; True when the time was up before the work was done.

    Whoever comes while a thread is sending leaves word and goes; the sender then
    looks once more, so that nothing queued meanwhile waits for the next scan.
    """
    _word_left.set()
    unfinished = False
    while _word_left.is_set() and _sender.acquire(blocking=False):
        try:
            _word_left.clear()
            unfinished = _send_until(monotonic() + seconds)
        finally:
            _sender.release()
    return unfinished


def _send_until(end: float) -> bool:
    claims.recover(clock.now())
    while monotonic() < end:
        result = send_batch(clock.now(), settings.OUTBOX_BATCH)
        if result.server_is_down or not result.claimed:
            return False
    return True


def send_batch(now: datetime, limit: int) -> BatchResult:
    """Claim and send one batch over one connection, committing each message."""
    messages = claims.claim(now, limit)
    wanted = with_texts(messages, now)
    if not smtp_is_set():
        for message in wanted:
            _keep(message)
        return BatchResult(len(messages))
    with Courier() as courier:
        down = _send_all(courier, wanted)
    return BatchResult(len(messages), server_is_down=down)


def _send_all(courier: Courier, messages: Sequence[Message]) -> bool:
    """Send until the server is in trouble; the rest is given back untouched."""
    for position, message in enumerate(messages):
        trouble = _send(courier, message)
        if trouble is not None and is_server_trouble(trouble):
            claims.release(messages[position + 1 :])
            logger.warning("The mail server is in trouble: %s", trouble.text)
            return True
    return False


def _send(courier: Courier, message: Message) -> Trouble | None:
    """Send one message and commit its state before and after the conversation."""
    expected = State.READY
    try:
        courier.open()
        if not claims.begin(message, clock.now()):
            return None
        expected = State.SENDING
        courier.deliver(message)
    except NotDeliveredError as error:
        _not_delivered(message, expected, error.trouble)
        return error.trouble
    claims.settle_sent(message, expected, now=clock.now())
    return None


def _not_delivered(message: Message, expected: State, trouble: Trouble) -> None:
    now = clock.now()
    if expected is State.READY:
        # The server could not even be reached; that counts as a try all the same.
        message.attempts += 1
    state = state_after(outcome_of(trouble), message.audience, message.attempts)
    if state is State.READY:
        claims.put_off(message, expected, now=now, error=trouble.text)
    else:
        claims.settle_with_history(
            message, expected, state, now=now, error=trouble.text
        )


def _keep(message: Message) -> None:
    """No mail server is set: the mail can be read in the portal, and stays there."""
    claims.settle(
        message,
        State.READY,
        state=State.KEPT,
        subject=message.subject,
        text=message.text,
        html=message.html,
    )
