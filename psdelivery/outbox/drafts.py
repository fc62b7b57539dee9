"""What the rest of the portal hands to the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Model

from psdelivery.outbox.choices import Audience

if TYPE_CHECKING:
    from psdelivery.people.models import User


@dataclass(frozen=True)
class AttachmentDraft:
    """A small file that goes along; a calendar file is also the mail's own part."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class MessageDraft:
    """A mail to be queued. With a renderer for its kind the texts may be empty."""

    kind: str
    audience: Audience
    to: Sequence[str]
    # Decides what "the same mail" is: a second draft with this key adds nothing.
    idempotency_key: str
    subject: str = ""
    text: str = ""
    html: str = ""
    cc: Sequence[str] = ()
    reply_to: str = ""
    # The place of the engagements lies below; here it is only what mail is about.
    engagement: Model | None = None
    by: User | None = None
    thread_key: str = ""
    why: str = ""
    # Why staff get it (`people.notifications`); empty for customers.
    reason: str = ""
    secret: bool = False
    attachments: Sequence[AttachmentDraft] = ()
    # Leaves not before this moment (UTC); None: as soon as it can.
    not_before: datetime | None = None
    # News that come too late after this moment (UTC) do not wait for a morning.
    needed_by: datetime | None = None
