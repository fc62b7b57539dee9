"""R-17 before Closed: the customer has accepted every deliverable."""

from datetime import datetime

from engagements.choices import Status
from engagements.execution.models import Deliverable
from engagements.execution.rules.deliverables import (
    reasons_of_open_deliverables,
    still_open,
)
from engagements.execution.services.plan_steps import PlanStep
from engagements.models import Engagement
from engagements.registry import guards
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason


def open_deliverables(engagement: Engagement) -> list[Deliverable]:
    """Return the engagement's deliverables that are not accepted (one query)."""
    return still_open(Deliverable.objects.filter(engagement=engagement))


def before_closed(engagement: Engagement, now: datetime) -> list[Reason]:
    """R-17: Active → Closed; back from Completed nothing is asked."""
    if engagement.status != Status.ACTIVE:
        return []
    return reasons_of_open_deliverables(open_deliverables(engagement))


def without_told(engagement: Engagement, steps: list[Step]) -> list[Step]:
    """Leave out the step of acceptance where each open deliverable is named already."""
    others = [step for step in steps if step.key != PlanStep.ACCEPTED]
    is_told = len(others) < len(steps) and bool(open_deliverables(engagement))
    return others if is_told else steps


def register_deliverable_guards() -> None:
    """Put R-17 before its moves; closeout tells the rest after it."""
    for target in (Status.CLOSED, Status.COMPLETED):
        guards.register(target, before_closed, order=28)
