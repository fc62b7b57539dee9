"""Every page of kickoff and plan, with a real object and who may open it."""

from engagements.execution.services.kickoff import begin_kickoff
from psdelivery.people.choices import Role
from tests.factories.plan import (
    DeliverableFactory,
    KitItemFactory,
    LessonFactory,
    LinkFactory,
    RaciRowFactory,
    RiskFactory,
    delivered,
)

OPENED_BY_COORDINATOR = [
    "execution:kickoff-detail",
    "execution:kickoff-call",
    "execution:kickoff-links",
    "execution:kickoff-held",
    "execution:risk-add",
    "execution:risk-edit",
    "execution:raci-edit",
    "execution:deliverable-add",
    "execution:deliverable-detail",
    "execution:deliverable-edit",
    "execution:deliverable-move",
    "execution:deliverable-review",
    "execution:version-add",
    "execution:link-add",
    "execution:lesson-add",
]
OPENED_BY_MANAGER = [
    "execution:kit-detail",
    "execution:kit-item-add",
    "execution:kit-item-edit",
    "execution:lesson-answer",
]
NO_PAGES = [
    "execution:kit-take",
    "execution:link-remove",
    "execution:kickoff-begin",
    "execution:kickoff-call-cancel",
    "execution:raci-agree",
    "execution:template-take",
    "execution:plan-agree",
    "execution:deliverable-remove",
]


def plan_arguments(office):
    """What the addresses with an object need; made where the office has none."""
    active, pm = office.active, office[Role.PM]
    engagement = {"pk": active.pk}
    begin_kickoff(active, by=pm, now=active.created_at)
    return {
        "execution:kickoff": engagement,
        **kit_of(active, office.offering),
        "execution:link-add": engagement,
        "execution:lesson-add": engagement,
        **plan_of(active, pm),
        "execution:risk-add": engagement,
        "execution:raci-edit": engagement,
        "execution:deliverable-add": engagement,
    }


def plan_of(engagement, pm):
    """A risk, a deliverable with a milestone, and a row of the table."""
    of_engagement = {"engagement": engagement, "owner": pm}
    risk = engagement.project_risks.first() or RiskFactory(
        **of_engagement, priority="high", is_escalated=True, mitigation="Ask early"
    )
    if not engagement.deliverables.exists():
        criteria = "- Every wave has a day\n- Every team knows it"
        delivered(engagement, pm, acceptance_criteria=criteria)
        DeliverableFactory(engagement=engagement, is_milestone=True)
        RaciRowFactory(engagement=engagement, responsible="PSE")
    deliverable = engagement.deliverables.order_by("pk").first()
    return {
        "execution:risk-edit": {"pk": risk.pk},
        "execution:deliverable": {"pk": deliverable.pk},
        "execution:version-add": {"pk": deliverable.pk},
    }


def kit_of(engagement, offering):
    """Something in the kit of what was sold, a link, and a lesson that waits."""
    item = offering.kit_items.first() or KitItemFactory(
        offering=offering, acceptance_criteria="- Read"
    )
    if not engagement.links.exists():
        LinkFactory(engagement=engagement)
    lesson = engagement.lessons.first() or LessonFactory(
        engagement=engagement, offering=offering
    )
    return {
        "execution:kit": {"pk": offering.pk},
        "execution:kit-item-add": {"pk": offering.pk},
        "execution:kit-item": {"pk": item.pk},
        "execution:lesson-answer": {"pk": lesson.pk},
    }
