"""Event plans of the demo's classes to come: one drafted, one only begun."""

from datetime import datetime

from django.db import transaction

from psdelivery.people.models import User
from training.choices import DeliveryState
from training.models import Delivery, Session
from training.services.event_plan import Keeping, begin_plan, keep_version

NOTE = "Who attends is known; machines and network are asked in the meeting."
MOST = 4


@transaction.atomic
def draft_event_plans(by: User, now: datetime) -> int:
    """Begin the plans of the next classes and keep every other one as a draft."""
    coming = Session.objects.filter(starts_at__gt=now).order_by()
    classes = Delivery.objects.filter(pk__in=coming.values("delivery"))
    waiting = classes.exclude(state=DeliveryState.CANCELLED).order_by("pk")
    for place, delivery in enumerate(waiting[:MOST]):
        plan = begin_plan(delivery, by=by, now=now)
        if place % 2 == 0:
            keep_version(plan, Keeping(NOTE), by=by, now=now)
    return min(MOST, len(waiting))
