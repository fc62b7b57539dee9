"""Reminders of the demo data's last days, as the portal would have sent them."""

from datetime import datetime, timedelta

from django.db import transaction

from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.outbox.services.rendering import with_texts
from psdelivery.playbooks.services.reminders import scan_reminders

DAYS_BACK = 10
EVERY = timedelta(hours=6)


@transaction.atomic
def tell_past_reminders(now: datetime) -> int:
    """Decide the reminders of the last days and keep their mails; return how many.

    So the Outbox has a past, and the first real scan finds only what is due then:
    nobody gets a flood of mail about what they see for the first time.
    """
    decided = 0
    moment = now - timedelta(days=DAYS_BACK)
    while moment <= now:
        decided += scan_reminders(now=moment)
        moment += EVERY
    keep_all(now)
    return decided


def keep_all(now: datetime) -> None:
    """Write the texts of all waiting mails and keep them: none leaves the portal."""
    waiting = Message.objects.filter(state=State.READY).order_by("created_at", "pk")
    ids = list(waiting.values_list("pk", flat=True))
    for start in range(0, len(ids), 500):
        batch = Message.objects.filter(pk__in=ids[start : start + 500])
        messages = with_texts(batch, now)
        for message in messages:
            message.state = State.KEPT
        Message.objects.bulk_update(messages, ["state", "subject", "text", "html"])
