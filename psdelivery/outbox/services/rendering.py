"""The texts of claimed messages: stored on queueing, or rendered now."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from itertools import chain, groupby
from operator import attrgetter
from uuid import UUID

from django.utils.translation import gettext as _

from psdelivery.outbox.choices import State
from psdelivery.outbox.letters import is_stale
from psdelivery.outbox.models import Message
from psdelivery.outbox.renderers import Rendered, renderer_of
from psdelivery.outbox.rules import one_line, storable
from psdelivery.outbox.services import claims

logger = logging.getLogger(__name__)


def with_texts(messages: Iterable[Message], now: datetime) -> list[Message]:
    """Return what is to be sent, with its text; settle what is not.

    One call a kind, so that rendering a batch costs as many queries as one mail.
    """
    by_kind = attrgetter("kind")
    groups = groupby(sorted(messages, key=by_kind), key=by_kind)
    return [
        message
        for kind, group in groups
        for message in _with_texts_of_kind(kind, list(group), now)
    ]


def _with_texts_of_kind(
    kind: str, messages: list[Message], now: datetime
) -> list[Message]:
    renderer = renderer_of(kind)
    if renderer is None:
        return [message for message in messages if _has_text(message, now)]
    try:
        texts = renderer(messages)
    except Exception as error:
        if len(messages) > 1:
            # One that cannot be written must not hold up the others of its kind.
            alone = [_with_texts_of_kind(kind, [message], now) for message in messages]
            return list(chain.from_iterable(alone))
        # Whatever goes wrong with one kind, the others must leave.
        logger.exception("Mails of kind %s could not be rendered.", kind)
        _put_off(messages, now, error)
        return []
    return [message for message in messages if _takes_text(message, texts, now)]


def _put_off(messages: list[Message], now: datetime, error: Exception) -> None:
    sentence = _("Could not be written: %(error)s") % {"error": error}
    for message in messages:
        message.attempts += 1
        claims.put_off(message, State.READY, now=now, error=sentence)


def _has_text(message: Message, now: datetime) -> bool:
    if message.text:
        return _is_still_true(message, now)
    error = _("This mail has no text, and nothing writes mails of its kind.")
    claims.settle_with_history(message, State.READY, State.FAILED, now=now, error=error)
    return False


def _is_still_true(message: Message, now: datetime) -> bool:
    """Keep in a checked mail whose facts have changed between the click and now."""
    try:
        if not is_stale(message):
            return True
    except Exception as error:
        # Whatever goes wrong with the facts of one mail, the others must leave.
        logger.exception("The facts of message %s could not be read.", message.pk)
        _put_off([message], now, error)
        return False
    note = _("What it says was no longer true when it was about to leave.")
    claims.settle_with_history(message, State.READY, State.STALE, now=now, error=note)
    return False


def _takes_text(
    message: Message, texts: dict[UUID, Rendered | None], now: datetime
) -> bool:
    if message.pk not in texts:
        error = _("Nothing was written for this mail.")
        claims.settle_with_history(
            message, State.READY, State.FAILED, now=now, error=error
        )
        return False
    rendered = texts[message.pk]
    if rendered is None:
        note = _("No longer needed when it was about to leave.")
        claims.settle(message, State.READY, state=State.CANCELLED, last_error=note)
        return False
    message.subject = one_line(rendered.subject)[:300]
    message.text = storable(rendered.text)
    message.html = storable(rendered.html)
    return True
