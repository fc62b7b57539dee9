"""The steps that work items answer."""

from datetime import datetime

from django.db import transaction

from engagements.execution.choices import PushState
from engagements.execution.models import (
    CollaborationProject,
    OpenQuestion,
    WorkItem,
)
from engagements.models import Engagement
from engagements.queries import step_of
from engagements.services.evidence_steps import tick_if_ready
from psdelivery.documents.services import add_link
from psdelivery.people.models import User
from psdelivery.playbooks.rules.completion import (
    Completion,
    reasons_of_order,
)

WORK_ITEMS, OPEN_QUESTIONS = "work-items", "open-questions"


@transaction.atomic
def tick_work_items(
    project: CollaborationProject, *, by: User | None, now: datetime
) -> None:
    """Tick "Create the work items" once all of them stand in the customer's project."""
    engagement = project.engagement
    items = WorkItem.objects.filter(engagement=engagement)
    missing = items.exclude(push_state__in=[PushState.PUSHED, PushState.DIFFERS])
    step = step_of(engagement, WORK_ITEMS)
    if step is None or not step.is_open or missing.exists() or not items.exists():
        return
    # Nothing is filed for a step that waits for another one.
    if reasons_of_order(step):
        return
    link = add_link(project.url, title=str(step), engagement=engagement, by=by, now=now)
    tick_if_ready(step, Completion(evidence=link), by=by, now=now)


def tick_open_questions(engagement: Engagement, *, by: User, now: datetime) -> None:
    """Tick "Get the open questions answered" when the last one is settled.

    Only once the items are made: before that the next ones may bring more. Inside the
    caller's transaction.
    """
    made = step_of(engagement, WORK_ITEMS)
    if made is None or made.is_open:
        return
    open_ones = OpenQuestion.objects.filter(
        work_item__engagement=engagement, answer="", risk__isnull=True
    )
    if not open_ones.exists():
        step = step_of(engagement, OPEN_QUESTIONS)
        tick_if_ready(step, Completion(), by=by, now=now)
