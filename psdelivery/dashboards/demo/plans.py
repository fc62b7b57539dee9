"""Kickoff and plan of some engagements at work: template, kit, risks, a delivery."""

from datetime import datetime, timedelta

from django.db import transaction

from engagements.choices import Kind, Status
from engagements.execution.models import Deliverable
from engagements.execution.services.deliverables import add_version, move_deliverable
from engagements.execution.services.kickoff import begin_kickoff
from engagements.execution.services.kits import kit_items_of, take_kit
from engagements.execution.services.plan import change_deliverable
from engagements.execution.services.plan_templates import take_template
from engagements.execution.services.risks import add_risk
from engagements.models import Engagement
from engagements.owners import holders
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User

MOST = 4
RISKS = (
    ("high", "timeline", "Their administrators are away in the week of go-live",
     "Name stand-ins now; go-live a week earlier is agreed as the second date"),
    ("medium", "scope", "Two teams want to join the first wave",
     "Change order prepared; they wait for the second wave otherwise"),
    ("low", "quality", "The test environment is smaller than the real one", ""),
)  # fmt: skip


@transaction.atomic
def plan_some_work(now: datetime) -> int:
    """Plan the first consulting engagements at work; return how many they were."""
    active = Engagement.objects.filter(status=Status.ACTIVE, kind=Kind.CONSULTING)
    found = active.select_related("customer", "practice", "region", "checklist")
    chosen = list(found.order_by("pk")[:MOST])
    for place, engagement in enumerate(chosen):
        lead = holders(engagement).get(EngagementRole.PM)
        if lead is not None:
            plan_work(engagement, lead, place, now)
    return len(chosen)


def plan_work(engagement: Engagement, lead: User, place: int, now: datetime) -> None:
    """Write the plan of an engagement as its lead would."""
    begin_kickoff(engagement, by=lead, now=now)
    take_template(engagement, by=lead, now=now)
    for priority, impact, title, mitigation in RISKS[: place + 1]:
        add_risk(
            engagement,
            title=title,
            priority=priority,
            impact=impact,
            owner=lead,
            mitigation=mitigation,
            by=lead,
            now=now,
        )
    if kit_items_of(engagement):
        take_kit(engagement, by=lead, now=now)
    planned = Deliverable.objects.filter(engagement=engagement)
    for number, one in enumerate(planned, 1):
        due = (now + timedelta(days=7 * number)).date()
        change_deliverable(one, {"owner": lead, "due_on": due}, by=lead, now=now)
    first = planned.first()
    if first is not None and place % 2 == 0:
        link = {"evidence_link": f"https://drive.example/deliverables/{first.pk}"}
        add_version(first, link, "First draft", by=lead, now=now)
        move_deliverable(first, "in_review", "", by=lead, now=now)
