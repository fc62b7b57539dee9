"""The tab "Schedule" of the engagement page."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from engagements.access import rights_of
from engagements.choices import ENDED_STATUSES
from engagements.models import Engagement
from engagements.queries import gate_for, team_of
from engagements.registry import Panel, panels
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people.models import User
from scheduling.access import visible_requests
from scheduling.facts import planned_hours
from scheduling.first_day import off_plan
from scheduling.models import Allocation, ResourceRequest
from scheduling.queries.requests import OPEN, in_queue_order, in_state, rows_of_list
from scheduling.request_page import request_rows

# More than a screen of them stands on pages of their own.
MOST_SHOWN = 50


def schedule_context(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """Return who is booked and asked for, and what the customer wished."""
    user = cast(User, request.user)  # the middleware lets nobody else through
    now, rights = clock.now(), rights_of(user, engagement)
    team = team_of(engagement)
    may_ask = rights.may(Action.RESOURCE_REQUEST)
    return {
        "team": [member for member in team if member.person_id],
        "planned": planned_hours(engagement),
        "gate": gate_for(engagement, now),
        "may_edit": rights.may(Action.ENGAGEMENT_EDIT),
        "may_ask": may_ask and engagement.status not in ENDED_STATUSES,
        "may_book": rights.may(Action.BOOK),
        "may_see_hours": rights.may(Action.ACTUALS_SEE),
        "bookings": bookings_shown(engagement),
        "off_plan": off_plan(user, engagement, back=request.path),
        "rows": request_rows(requests_shown(user, engagement), now),
        "hide_work": True,
    }


def bookings_shown(engagement: Engagement) -> list[Allocation]:
    """Return what is booked, the days to come and those that are over."""
    booked = Allocation.objects.active().filter(engagement=engagement)
    rows = booked.select_related("person", "partner").order_by("starts_on", "pk")
    return list(rows[:MOST_SHOWN])


def requests_shown(user: User, engagement: Engagement) -> list[ResourceRequest]:
    """Return what is still asked for on the engagement, as the reader sees it."""
    asked = visible_requests(user).filter(engagement=engagement)
    open_ones = in_queue_order(in_state(asked, OPEN), None)
    return list(rows_of_list(open_ones)[:MOST_SHOWN])


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
