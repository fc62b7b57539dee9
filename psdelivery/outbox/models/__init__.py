"""Mails with their texts, attachments and addresses, and calendar invitations."""

from psdelivery.outbox.models.address import BadAddress
from psdelivery.outbox.models.invitation import Invitation
from psdelivery.outbox.models.message import (
    Attachment,
    Message,
    MessageQuerySet,
    Recipient,
)
from psdelivery.outbox.models.notice import Notice
from psdelivery.outbox.models.template import MailTemplate

__all__ = [
    "Attachment",
    "BadAddress",
    "Invitation",
    "MailTemplate",
    "Message",
    "MessageQuerySet",
    "Notice",
    "Recipient",
]
