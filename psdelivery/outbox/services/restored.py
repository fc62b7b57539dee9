"""After a restore: what the portal believes to wait may have left long ago."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from psdelivery.operations.events import PortalRestored
from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.models import Message
from psdelivery.outbox.services.claims import FREE, record_end


@transaction.atomic
def hold_customer_mail(event: PortalRestored) -> None:
    """Let a person look at each customer mail that may have left since the backup.

    Staff mail just leaves: a second copy has the Message-ID of the first. What was
    not due before the restore cannot have left.
    """
    may_have_left = Q(state=State.SENDING) | Q(
        state=State.READY, next_attempt_at__lte=event.at
    )
    held = Message.objects.filter(may_have_left, audience=Audience.CUSTOMER)
    messages = list(held.select_for_update().order_by("pk"))
    error = _(
        "The portal was restored from a backup of %(moment)s UTC: this mail may have "
        "left since."
    ) % {"moment": f"{event.made_at:%Y-%m-%d %H:%M}"}
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(
        state=State.NEEDS_LOOK, last_error=error, **FREE
    )
    for message in messages:
        record_end(message, State.NEEDS_LOOK, now=event.at, error=error)
