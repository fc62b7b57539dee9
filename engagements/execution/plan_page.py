"""The tab "Kickoff & plan" of the engagement page."""

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from engagements.access import rights_of
from engagements.choices import KINDS_WITH_KICKOFF
from engagements.execution.kickoff import kickoff_of
from engagements.execution.kickoff_page import kickoff_card
from engagements.execution.models import Deliverable, Kickoff, ProjectRisk, RaciRow
from engagements.execution.plan_templates import template_of
from engagements.execution.rules.deliverables import state_words
from engagements.execution.rules.plan import by_due_day
from engagements.execution.rules.plan import gaps_of as gaps_of_deliverable
from engagements.execution.rules.raci import lines_not_there
from engagements.execution.rules.risks import gaps_of, in_order
from engagements.execution.services.plan_steps import PlanStep, open_steps
from engagements.execution.services.raci import rows_of
from engagements.execution.tabs import shown_with
from engagements.models import Engagement
from engagements.registry import Panel, panels
from psdelivery.access import Action
from psdelivery.people.models import User

KEY = "plan"
ORDER = 16


@dataclass(frozen=True)
class PlannedRow:
    """A deliverable or milestone with what its plan lacks."""

    deliverable: Deliverable
    state: str
    gaps: list[str]


@dataclass(frozen=True)
class RiskRow:
    """A risk with what it lacks."""

    risk: ProjectRisk
    gaps: list[str]


def planned_rows(engagement: Engagement) -> list[PlannedRow]:
    """Return deliverables and milestones, soonest first (one query)."""
    found = Deliverable.objects.filter(engagement=engagement).select_related("owner")
    return [
        PlannedRow(one, state_words(one), gaps_of_deliverable(one))
        for one in by_due_day(found)
    ]


def risk_rows(engagement: Engagement) -> list[RiskRow]:
    """Return the risks, those to look at first on top (one query)."""
    found = ProjectRisk.objects.filter(engagement=engagement).select_related("owner")
    return [RiskRow(risk, gaps_of(risk)) for risk in in_order(found)]


def kickoff_card_of(engagement: Engagement) -> dict[str, Any] | None:
    """Return what the tab tells of the kickoff; None for work that has none."""
    if engagement.kind not in KINDS_WITH_KICKOFF:
        return None
    return kickoff_card(engagement, kickoff_of(engagement))


def plan_panel(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """Deliverables, risks and responsibilities, and the steps that they answer."""
    user = cast(User, request.user)  # the middleware lets nobody else through
    may_edit = rights_of(user, engagement).may(Action.WORK_EDIT)
    raci = rows_of(engagement)
    steps = open_steps(engagement)
    return {
        "planned": planned_rows(engagement),
        "risks": risk_rows(engagement),
        "raci": raci,
        "from_template": lines_not_there(template_of(engagement).raci, raci),
        "kickoff_card": kickoff_card_of(engagement),
        "plan_step": steps.get(PlanStep.MILESTONES),
        "raci_step": steps.get(PlanStep.RACI),
        "may_edit": may_edit,
    }


def register_plan_panel() -> None:
    """Add the tab to the engagement page."""
    panels.register(
        Panel(
            key=KEY,
            title=_("Kickoff & plan"),
            template="execution/panels/plan.html",
            order=ORDER,
            context=plan_panel,
            is_shown=shown_with(Kickoff, Deliverable, ProjectRisk, RaciRow),
            needs=Action.WORK_SEE,
        )
    )
