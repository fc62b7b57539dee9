"""The steps that kickoff, plan and deliverables answer."""

from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.queries import step_of
from engagements.services.evidence_steps import tick_if_ready
from psdelivery.people.models import User
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import reopen_step


class PlanStep(StrEnum):
    """Keys of the steps in the shipped playbooks."""

    KICKOFF_PREPARED = "kickoff-prepared"
    KICKOFF_HELD = "kickoff-held"
    COLLABORATION = "collaboration-project"
    MILESTONES = "plan-milestones"
    RACI = "plan-raci"
    RISKS = "plan-risks"
    KIT = "kit-chosen"
    DRAFTED = "deliverables-drafted"
    DELIVERED = "deliverables-delivered"
    ACCEPTED = "deliverables-accepted"
    CLOSE_OUT_REPORT = "close-out-report"


def tick(
    engagement: Engagement,
    key: PlanStep,
    completion: Completion,
    *,
    by: User | None,
    now: datetime,
) -> None:
    """Tick the engagement's step of that key, if it is open and waits for nothing."""
    tick_if_ready(step_of(engagement, key), completion, by=by, now=now)


def reopen(
    engagement: Engagement, key: PlanStep, reason: str, *, by: User, now: datetime
) -> None:
    """Open the engagement's step of that key again, if it was done."""
    step = step_of(engagement, key)
    if step is not None and step.state == StepState.DONE:
        reopen_step(step, by=by, reason=reason, now=now)


def open_steps(engagement: Engagement) -> dict[str, Step]:
    """Return the open ones of these steps by their key (one query)."""
    own = Step.objects.open().filter(checklist=engagement.checklist_id, again=0)
    return {step.key: step for step in own.filter(key__in=list(PlanStep))}


def agreed_note() -> str:
    """Return what a step says that was ticked by "agreed" on the plan."""
    return _("It stands in the plan.")
