"""A mail to oneself, to see whether mail leaves the portal at all."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from django.utils.translation import gettext as _

from psdelivery.outbox.choices import Audience
from psdelivery.outbox.models import Message
from psdelivery.outbox.services.queueing import queue_message

if TYPE_CHECKING:
    from psdelivery.people.models import User

KIND = "test-mail"


def send_test_mail(*, by: User, now: datetime) -> Message:
    """Queue a mail to the person who asks, by the way that every mail takes."""
    return queue_message(
        kind=KIND,
        audience=Audience.STAFF,
        to=[by.email],
        subject=_("Test mail of PS Delivery"),
        text=_("Mail leaves the portal and reaches you. There is nothing to do."),
        idempotency_key=f"{KIND}:{uuid4()}",
        by=by,
        why=_("You asked for it on the page “Outbox”."),
        now=now,
    )
