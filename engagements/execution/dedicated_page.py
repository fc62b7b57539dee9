"""The tab "Dedicated": goals, weeks, hours of the months, renewal and the end."""

from datetime import date
from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from engagements.access import rights_of
from engagements.choices import Kind
from engagements.execution.models import (
    HoursReview,
    MonthlyGoal,
    RenewalDecision,
    WeeklySummary,
)
from engagements.execution.rules.dedicated import (
    Goal,
    carried_over,
    end_of_week,
    month_before,
    month_of_day,
)
from engagements.execution.services.dedicated import RENEWAL_STEP
from engagements.models import Engagement
from engagements.registry import Panel, panels
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people.models import User
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step, StepQuerySet

KEY = "dedicated"
ORDER = 36
SHOWN_WEEKS = 8
SHOWN_MONTHS = 6
LAST_STEPS = (RENEWAL_STEP, "offboarding-planned", "offboarded")


def goals_of(engagement: Engagement, month: date) -> list[MonthlyGoal]:
    """Return the goals of a month (its first day) in their order (one query)."""
    found = MonthlyGoal.objects.filter(engagement=engagement, month=month)
    return list(found.select_related("carried_from"))


def as_goal(row: MonthlyGoal) -> Goal:
    """Return a stored goal as the rules and the form know it."""
    return Goal(
        text=row.text,
        measure=row.measure,
        pk=row.pk,
        state=row.state,
        note=row.note,
        carried_from=row.carried_from_id,
    )


def begun_goals(engagement: Engagement, month: date) -> list[Goal]:
    """Return the goals that a month begins with: its own, else what goes on."""
    own = [as_goal(row) for row in goals_of(engagement, month)]
    if own:
        return own
    return carried_over(map(as_goal, goals_of(engagement, month_before(month))))


def last_steps(engagement: Engagement) -> StepQuerySet:
    """Return the steps of the renewal and of the end, soonest first."""
    own = Step.objects.filter(checklist=engagement.checklist_id, key__in=LAST_STEPS)
    rows = own.exclude(state=StepState.CANCELLED).select_related("assignee", "pool")
    return rows.order_by("due_at", "order")


def dedicated_panel(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """Goals of this month, the last weeks and months, renewal and offboarding."""
    user = cast(User, request.user)  # the middleware lets nobody else through
    today = clock.today(user.zone)
    month = month_of_day(today)
    rights = rights_of(user, engagement)
    summaries = WeeklySummary.objects.filter(engagement=engagement)
    reviews = HoursReview.objects.filter(engagement=engagement)
    renewal = RenewalDecision.objects.filter(engagement=engagement)
    return {
        "month": month,
        "last_month": month_before(month),
        "week": end_of_week(today),
        "goals": goals_of(engagement, month),
        "last_goals": goals_of(engagement, month_before(month)),
        "summaries": list(summaries.select_related("by", "message")[:SHOWN_WEEKS]),
        "reviews": list(reviews.select_related("by")[:SHOWN_MONTHS]),
        "renewal": renewal.select_related("by").first(),
        "last_steps": list(last_steps(engagement)),
        "may_edit": rights.may(Action.WORK_EDIT),
    }


def register_dedicated_panel() -> None:
    """Add the tab to the engagement page."""
    panels.register(
        Panel(
            key=KEY,
            title=_("Dedicated"),
            template="execution/panels/dedicated.html",
            order=ORDER,
            context=dedicated_panel,
            is_shown=lambda engagement: engagement.kind == Kind.DEDICATED,
            needs=Action.WORK_SEE,
        )
    )
