"""What may be done with a message, and what its fate at the mail server means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from psdelivery.outbox.choices import CANCEL_STATES, RETRY_STATES, Audience, State
from psdelivery.outbox.drafts import MessageDraft
from psdelivery.registry import Reason

MAX_RECIPIENTS = 50
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=10)
# With the longest delay between them: about three and a half days of trying.
GIVE_UP_ATTEMPTS = 500
# "Log in first", "wrong password" and the like: the settings are at fault, not
# the message, so it waits until somebody puts them right.
LOGIN_REFUSALS = frozenset({530, 534, 535, 538})
SERVICE_CLOSING = 421

_address_is_valid = EmailValidator()
_some_address = re.compile(r"[^\s<>()\[\]\"',;:]+@[\w.-]+")
_slug = re.compile(r"[a-z0-9][a-z0-9._-]*\Z")


def normal_address(address: str) -> str:
    """Return the address as it travels: trimmed, its domain in ASCII lower case.

    A domain that cannot be written so is returned as it is; the check refuses it.
    """
    local, at, domain = address.strip().rpartition("@")
    try:
        domain = domain.lower().encode("idna").decode()
    except UnicodeError:
        return address.strip()
    return f"{local}{at}{domain}"


def one_line(text: str) -> str:
    """Return text fit for a header: a line break there would start a new header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def storable(text: str) -> str:
    """Return text without NUL, which PostgreSQL cannot hold and no mail needs."""
    return text.replace("\x00", "")


def without_addresses(text: str) -> str:
    """Return text without mail addresses, for the history, where none can be erased."""
    return _some_address.sub("…@…", text)


def is_address(address: str) -> bool:
    """Answer whether a mail can be addressed to it; no line breaks, no names."""
    try:
        _address_is_valid(address)
    except ValidationError:
        return False
    return address.isascii() and address.isprintable()


def reasons_against_queueing(draft: MessageDraft) -> list[Reason]:
    """A mail is queued only when it can leave; customer mail by a person's click."""
    everybody = [*draft.to, *draft.cc]
    replies = [draft.reply_to] if draft.reply_to else []
    wrong = [a for a in [*everybody, *replies] if not is_address(normal_address(a))]
    checks = [
        (
            "no-recipient",
            not draft.to,
            _("A mail needs at least one recipient."),
        ),
        (
            "too-many-recipients",
            len(everybody) > MAX_RECIPIENTS,
            _("A mail goes to at most %(most)d addresses.") % {"most": MAX_RECIPIENTS},
        ),
        (
            "bad-address",
            bool(wrong),
            _("Not an e-mail address: %(addresses)s.")
            % {"addresses": ", ".join(map(repr, wrong))},
        ),
        (
            "bad-thread",
            bool(draft.thread_key) and not _slug.match(draft.thread_key),
            _("The name of a thread is made of a-z, 0-9, dot, dash and underscore."),
        ),
        (
            "no-key",
            not 0 < len(draft.idempotency_key) <= 200,
            _("A mail needs a key of 1 to 200 characters."),
        ),
        (
            "nobody-clicked",
            draft.audience == Audience.CUSTOMER and draft.by is None,
            _("Mail to a customer leaves by a person's click only."),
        ),
    ]
    return [Reason(code, sentence) for code, holds, sentence in checks if holds]


def _reasons_against_leaving(
    state: str, allowed: frozenset[State], sentence: str
) -> list[Reason]:
    if state in allowed:
        return []
    return [Reason("wrong-state", sentence % {"state": State(state).label.lower()})]


def reasons_against_retry(state: str) -> list[Reason]:
    """Only what failed, or what may not have arrived, is sent again."""
    return _reasons_against_leaving(
        state, RETRY_STATES, _("A message that is %(state)s is not sent again.")
    )


def reasons_against_cancel(state: str) -> list[Reason]:
    """What has left, or is just leaving, cannot be taken back."""
    return _reasons_against_leaving(
        state, CANCEL_STATES, _("A message that is %(state)s cannot be cancelled.")
    )


def reasons_against_confirming(state: str) -> list[Reason]:
    """Only where the portal does not know, a person may say that it arrived."""
    return _reasons_against_leaving(
        state,
        frozenset({State.NEEDS_LOOK}),
        _("A message that is %(state)s cannot be marked as arrived."),
    )


def text_is_gone(state: str, text: str) -> bool:
    """Answer whether a mail once had a text, which was taken away when it was old."""
    return not text and state in {State.SENT, State.KEPT, State.ELSEWHERE}


def may_retry(state: str) -> bool:
    """See `reasons_against_retry`."""
    return not reasons_against_retry(state)


def may_cancel(state: str) -> bool:
    """See `reasons_against_cancel`."""
    return not reasons_against_cancel(state)


def may_confirm(state: str) -> bool:
    """See `reasons_against_confirming`."""
    return not reasons_against_confirming(state)


def next_attempt(attempts: int, now: datetime, jitter: float) -> datetime:
    """Return when to try again after `attempts` tries: doubling, with a cap.

    `jitter` in [0, 1) spreads the tries over the second half of the delay, so
    that a thousand messages do not knock on a recovering server at once.
    """
    doublings = min(max(attempts - 1, 0), 10)
    delay = min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)
    return now + delay * (0.5 + jitter / 2)


def refused_address(state: str, error: str, addresses: Iterable[str]) -> str:
    """Return the address that the mail server refused, where its answer names one."""
    if state != State.FAILED:
        return ""
    told = error.lower()
    return next((address for address in addresses if address.lower() in told), "")


class Stage(StrEnum):
    """How far the talk with the mail server had come."""

    COMPOSE = "compose"
    CONNECT = "connect"
    ENVELOPE = "envelope"
    # From DATA on the server may have taken the message even if it never says so.
    DATA = "data"


class Outcome(StrEnum):
    TRY_AGAIN = "try_again"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Trouble:
    """Why a message did not leave; `code` is None when no answer came."""

    stage: Stage
    code: int | None
    text: str


def outcome_of(trouble: Trouble) -> Outcome:
    """Tell a final refusal from bad luck, and both from not knowing.

    Trouble while connecting, even a final one such as a wrong password, says
    nothing about the message: it waits.
    """
    if trouble.stage is Stage.COMPOSE:
        return Outcome.REFUSED
    if trouble.code is None:
        return Outcome.UNKNOWN if trouble.stage is Stage.DATA else Outcome.TRY_AGAIN
    if trouble.stage is Stage.CONNECT or trouble.code in LOGIN_REFUSALS:
        return Outcome.TRY_AGAIN
    return Outcome.REFUSED if trouble.code >= 500 else Outcome.TRY_AGAIN


def is_server_trouble(trouble: Trouble) -> bool:
    """Answer whether the next message would meet the same trouble."""
    if trouble.stage is Stage.COMPOSE:
        return False
    no_answer = trouble.code is None or trouble.code == SERVICE_CLOSING
    return no_answer or trouble.stage is Stage.CONNECT or trouble.code in LOGIN_REFUSALS


def state_after_unknown(audience: str) -> State:
    """A second copy of staff mail is harmless, and a lost reminder is not.

    For customer mail a person looks first.
    """
    return State.NEEDS_LOOK if audience == Audience.CUSTOMER else State.READY


def state_after(outcome: Outcome, audience: str, attempts: int) -> State:
    """Return where a message goes that did not leave at its `attempts`th try."""
    if outcome is Outcome.REFUSED:
        return State.FAILED
    if outcome is Outcome.UNKNOWN and audience == Audience.CUSTOMER:
        return state_after_unknown(audience)
    return State.FAILED if attempts >= GIVE_UP_ATTEMPTS else State.READY
