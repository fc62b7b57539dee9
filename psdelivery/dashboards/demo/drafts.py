"""Drafts to customers that wait for a check, so that the Outbox shows what they are."""

from datetime import datetime

from django.db import transaction

from engagements.mails import coordinator_for, engagement_of_step
from psdelivery.outbox.services.drafting import prepare_draft
from psdelivery.playbooks.models import Step

WELCOMES = 3


@transaction.atomic
def prepare_welcomes(now: datetime) -> int:
    """Prepare the welcome mails that are due first; return how many."""
    waiting = Step.objects.running().filter(
        mail_template__in=["welcome", "welcome-training"], due_at__isnull=False
    )
    prepared = 0
    for step in waiting.order_by("due_at", "pk")[:WELCOMES]:
        engagement = engagement_of_step(step)
        coordinator = coordinator_for(engagement) if engagement else None
        if engagement is None or coordinator is None:
            continue
        prepare_draft(
            step.mail_template, engagement, step=step, by=coordinator, now=now
        )
        prepared += 1
    return prepared
