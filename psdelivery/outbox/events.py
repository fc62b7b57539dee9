"""What the outbox tells the places below it, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from psdelivery.outbox.models import Invitation, Message

if TYPE_CHECKING:
    from psdelivery.people.models import User


@dataclass(frozen=True)
class MessageSent:
    """A mail has left: the mail server took it, or a person says that it went out.

    `by` is whose click let it leave. What a reaction does must not fail for what it
    could have refused before: the mail cannot be taken back.
    """

    message: Message
    sent_at: datetime
    by: User | None
    now: datetime


@dataclass(frozen=True)
class MessageBounced:
    """A mail that counted as sent has not reached its reader."""

    message: Message
    reason: str
    by: User | None
    now: datetime


@dataclass(frozen=True)
class InvitationChanged:
    """People were invited to a meeting, it changed, or it was called off.

    A reaction may refuse it (RuleRefused): then nobody is told.
    """

    invitation: Invitation
    by: User | None
    now: datetime
