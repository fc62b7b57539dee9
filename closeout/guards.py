"""R-17 before the moves that end an engagement."""

from datetime import datetime

from closeout.rules import (
    OpenItems,
    reasons_against_closing,
    reasons_against_completing,
)
from engagements.choices import Status
from engagements.execution.deliverable_guards import without_told
from engagements.models import Engagement
from engagements.queries import steps_before
from engagements.registry import guards
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason
from training.choices import DeliveryState, Place
from training.models import Delivery


def before_closed(engagement: Engagement, now: datetime) -> list[Reason]:
    """R-17: Active → Closed; back from Completed nothing is asked."""
    if engagement.status != Status.ACTIVE:
        return []
    return reasons_against_closing(work_steps(engagement))


def before_completed(engagement: Engagement, now: datetime) -> list[Reason]:
    """R-17: Closed → Completed, and Active → Completed for remote training."""
    is_closed = engagement.status == Status.CLOSED
    items = OpenItems(
        closing=() if is_closed else tuple(work_steps(engagement)),
        completing=tuple(steps_before(engagement, Status.COMPLETED)),
    )
    return reasons_against_completing(
        items, is_closed=is_closed, is_remote=is_remote(engagement)
    )


def work_steps(engagement: Engagement) -> list[Step]:
    """Return the open steps before Closed; deliverables are named one by one."""
    return without_told(engagement, steps_before(engagement, Status.CLOSED))


def is_remote(engagement: Engagement) -> bool:
    """Tell whether no class of the engagement is given on site."""
    on_site = Delivery.objects.filter(engagement=engagement, place=Place.ON_SITE)
    return not on_site.exclude(state=DeliveryState.CANCELLED).exists()


def register_guards() -> None:
    """Put R-17 before its moves."""
    guards.register(Status.CLOSED, before_closed, order=30)
    guards.register(Status.COMPLETED, before_completed, order=30)
