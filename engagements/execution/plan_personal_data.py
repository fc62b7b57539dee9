"""What kickoff, plan and deliverables hold on people, and what somebody owns there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from engagements.access import visible_engagements
from engagements.choices import OPEN_STATUSES
from engagements.execution.choices import OPEN_DELIVERABLES, RiskStatus
from engagements.execution.models import (
    Deliverable,
    DeliverableReview,
    DeliverableVersion,
    Lesson,
    ProjectRisk,
)
from psdelivery.people.models import Contact, User
from psdelivery.people.personal_data import register_personal_data, rows
from psdelivery.registry import Absentee, Held, HeldItem, holdings

SHOWN = 20
TITLE = "engagement__title"


def plans_of(person: User) -> dict[str, list[dict[str, Any]]]:
    """Return what a person owns in plans, and which versions and lessons are theirs."""
    owned = Deliverable.objects.filter(owner=person)
    risks = ProjectRisk.objects.filter(owner=person)
    versions = DeliverableVersion.objects.filter(by=person)
    lessons = Lesson.objects.filter(by=person)
    return {
        "deliverables": rows(owned.values(TITLE, "title", "due_on", "state")),
        "risks": rows(risks.values(TITLE, "title", "status")),
        "versions": rows(versions.values("deliverable__title", "number", "at")),
        "lessons": rows(lessons.values(TITLE, "text", "at")),
    }


def reviews_of(contact: Contact) -> list[dict[str, Any]]:
    """Return what somebody at the customer said of deliverables."""
    said = DeliverableReview.objects.filter(contact=contact)
    title = "version__deliverable__title"
    return rows(said.values(title, "outcome", "note", "said_on"))


def held_plans(absentee: Absentee, viewer: User, now: datetime) -> Sequence[Held]:
    """Return the open deliverables and risks of somebody who leaves (R-23)."""
    if not absentee.is_leaving:
        return []
    running = {"owner": absentee.person, "engagement__status__in": OPEN_STATUSES}
    seen = visible_engagements(viewer).order_by().values("pk")
    goes_to = _("They stay theirs until the lead names somebody else.")
    deliverables = Deliverable.objects.filter(**running, state__in=OPEN_DELIVERABLES)
    risks = ProjectRisk.objects.filter(**running).exclude(status=RiskStatus.CLOSED)
    return [
        held_of(_("Deliverables and milestones"), deliverables, seen, goes_to),
        held_of(_("Risks"), risks, seen, goes_to),
    ]


def held_of(title: str, found: Any, seen: Any, goes_to: str) -> Held:
    """Return rows that somebody owns; named are those that the viewer may see."""
    named = found.filter(engagement__in=seen).select_related("engagement__customer")
    items = [
        HeldItem(str(one), one.get_absolute_url(), str(one.engagement))
        for one in named[:SHOWN]
    ]
    return Held(title, found.count(), items, goes_to)


def register_plan_data() -> None:
    """Tell what is held on people and contacts, and what they hold."""
    register_personal_data(User, "plans", plans_of)
    register_personal_data(Contact, "reviews", reviews_of)
    holdings.register("plans", held_plans, order=35)
