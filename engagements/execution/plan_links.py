"""From the steps of kickoff, plan and deliverables to their pages."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagements.execution.services.plan_steps import PlanStep
from engagements.execution.tabs import KINDS_WITH_PLAN
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.step_links import StepLink, step_links

# Step -> words, and where it is done below the engagement's own address.
PAGES: dict[str, tuple[str | Promise, str]] = {
    PlanStep.MILESTONES: (_("Deliverables and milestones"), "plan/#deliverables"),
    PlanStep.RACI: (_("Who is responsible for what"), "plan/#raci"),
    PlanStep.RISKS: (_("Risks"), "plan/#risks"),
}


def links_of(step: Step, reader: User) -> Sequence[StepLink]:
    """Return the way to the page where the step is done, for who may open it."""
    page, engagement = PAGES.get(step.key), step.engagement
    if page is None or engagement is None or engagement.kind not in KINDS_WITH_PLAN:
        return []
    if scope_for(reader.role_set, Action.WORK_SEE) is Scope.NONE:
        return []
    words, path = page
    return [StepLink(str(words), f"{engagement.get_absolute_url()}{path}")]


def register_plan_links() -> None:
    """Let the steps lead to their pages."""
    step_links.register("plan", links_of)
