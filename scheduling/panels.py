"""The tab "Schedule" of the engagement page."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from engagements.access import rights_of
from engagements.models import Engagement
from engagements.queries import gate_for, team_of
from engagements.registry import Panel, panels
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people.models import User
from scheduling.facts import planned_hours


def schedule_context(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """Return who is booked how, from when, and what the customer wished."""
    team = team_of(engagement)
    return {
        "team": [member for member in team if member.person_id],
        "planned": planned_hours(engagement),
        "gate": gate_for(engagement, clock.now()),
        "may_edit": _may_edit(request, engagement),
    }


def _may_edit(request: HttpRequest, engagement: Engagement) -> bool:
    user = cast(User, request.user)  # the middleware lets nobody else through
    return rights_of(user, engagement).may(Action.ENGAGEMENT_EDIT)


def register_panels() -> None:
    """Add the tab."""
    panels.register(
        Panel(
            key="schedule",
            title=_("Schedule"),
            template="scheduling/partials/_panel.html",
            order=40,
            context=schedule_context,
        )
    )
