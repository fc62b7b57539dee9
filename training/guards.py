"""What training tells the status table (R-1)."""

from datetime import datetime

from engagements.choices import Status
from engagements.models import Engagement
from engagements.registry import guards
from psdelivery.registry import Reason
from training.choices import DeliveryState
from training.models import Session
from training.rules.classes import reasons_of_sessions_not_held
from training.rules.roster import reasons_of_rosters_out
from training.services.roster import standing


def sessions_are_held(engagement: Engagement, now: datetime) -> list[Reason]:
    """R-1: Active → Closed, and → Completed, needs the sessions held."""
    if engagement.status != Status.ACTIVE:
        return []
    waiting = Session.objects.filter(
        delivery__engagement=engagement, held_on__isnull=True
    ).exclude(delivery__state=DeliveryState.CANCELLED)
    return reasons_of_sessions_not_held(waiting.select_related("delivery"))


def rosters_are_in(engagement: Engagement, now: datetime) -> list[Reason]:
    """R-17: → Completed needs the roster of each class with finance."""
    if not engagement.has_training:
        return []
    return reasons_of_rosters_out(standing(engagement))


def register_guards() -> None:
    """Put the needs of training before their moves."""
    guards.register(Status.COMPLETED, rosters_are_in, order=25)
    for target in (Status.CLOSED, Status.COMPLETED):
        guards.register(target, sessions_are_held, order=20)
