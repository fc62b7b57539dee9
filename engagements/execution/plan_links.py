"""From the steps of kickoff, plan and deliverables to their pages."""

from collections.abc import Callable, Sequence

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagements.execution.services.plan_steps import PlanStep
from engagements.execution.tabs import KINDS_WITH_PLAN
from engagements.models import Engagement
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.step_links import StepLink, step_links

Page = Callable[[Engagement], str]


def on_tab(path: str) -> Page:
    """Return what leads to a part of a tab."""
    return lambda engagement: f"{engagement.get_absolute_url()}{path}"


def on_kickoff(anchor: str = "") -> Page:
    """Return what leads to the page of the kickoff."""
    return lambda engagement: (
        reverse("execution:kickoff-detail", args=[engagement.pk]) + anchor
    )


# Step -> words, and where it is done.
PAGES: dict[str, tuple[str | Promise, Page]] = {
    PlanStep.KICKOFF_PREPARED: (_("Agenda, invitation and links"), on_kickoff()),
    PlanStep.KICKOFF_HELD: (_("The kickoff"), on_kickoff("#held")),
    PlanStep.COLLABORATION: (_("Links of the kickoff"), on_kickoff("#links")),
    PlanStep.MILESTONES: (
        _("Deliverables and milestones"),
        on_tab("plan/#deliverables"),
    ),
    PlanStep.RACI: (_("Who is responsible for what"), on_tab("plan/#raci")),
    PlanStep.KIT: (_("Take the delivery kit over"), on_tab("deliverables/#kit")),
    PlanStep.CLOSE_OUT_REPORT: (
        _("Lessons for the offering"),
        on_tab("deliverables/#lessons"),
    ),
    PlanStep.DRAFTED: (_("Deliverables"), on_tab("deliverables/")),
    PlanStep.DELIVERED: (_("Deliverables"), on_tab("deliverables/")),
    PlanStep.ACCEPTED: (_("Deliverables"), on_tab("deliverables/")),
    PlanStep.RISKS: (_("Risks"), on_tab("plan/#risks")),
}


def links_of(step: Step, reader: User) -> Sequence[StepLink]:
    """Return the way to the page where the step is done, for who may open it."""
    page, engagement = PAGES.get(step.key), step.engagement
    if page is None or engagement is None or engagement.kind not in KINDS_WITH_PLAN:
        return []
    if scope_for(reader.role_set, Action.WORK_SEE) is Scope.NONE:
        return []
    words, url_of = page
    return [StepLink(str(words), url_of(engagement))]


def register_plan_links() -> None:
    """Let the steps lead to their pages."""
    step_links.register("plan", links_of)
