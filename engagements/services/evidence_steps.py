"""Steps that ask for what the gate keeps: one entry serves both."""

from datetime import datetime

from engagements.choices import Condition
from engagements.models import Engagement
from engagements.queries import step_of
from engagements.rules.gate import Evidence
from psdelivery.people.models import User
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import (
    Completion,
    reasons_against_completing,
)
from psdelivery.playbooks.services.steps import complete_step, reopen_step

STEP_OF_CONDITION = {Condition.CUSTOMER_SIGNATURE: "signed-paper"}
CONDITION_OF_STEP = {key: code for code, key in STEP_OF_CONDITION.items()}


def condition_of(step: Step) -> Condition | None:
    """Return the condition whose evidence an engagement's own step asks for."""
    if step.checklist.parent_id is not None:
        return None
    return CONDITION_OF_STEP.get(step.key)


def tick_step_of_condition(
    engagement: Engagement,
    code: str,
    evidence: Evidence,
    *,
    by: User | None,
    now: datetime,
) -> None:
    """Tick the step that asks for what was just put on file, unless it waits."""
    key = STEP_OF_CONDITION.get(Condition(code))
    step = step_of(engagement, key) if key else None
    completion = Completion(evidence.document, evidence.note, evidence.met_on)
    tick_if_ready(step, completion, by=by, now=now)


def tick_if_ready(
    step: Step | None, completion: Completion, *, by: User | None, now: datetime
) -> None:
    """Tick a step that waits and that nothing stands against."""
    if step is not None and not reasons_against_completing(step, completion):
        complete_step(step, completion, by=by, now=now)


def reopen_step_of_condition(
    engagement: Engagement, code: str, *, by: User, reason: str, now: datetime
) -> None:
    """Open the step again that asked for what was withdrawn."""
    key = STEP_OF_CONDITION.get(Condition(code))
    step = step_of(engagement, key) if key else None
    if step is not None and step.state == StepState.DONE:
        reopen_step(step, by=by, reason=reason, now=now)
