"""From the steps about work items to their pages, and what waits on My day."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.access import visible_engagements
from engagements.choices import OPEN_STATUSES
from engagements.execution.choices import PushState
from engagements.execution.models import OpenQuestion, WorkItem
from engagements.execution.tabs import KINDS_WITH_PLAN
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.models import User
from psdelivery.people.personal_data import register_personal_data, rows
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.step_links import StepLink, step_links
from psdelivery.registry import WaitingItem, waiting

SHOWN = 20
PAGES: dict[str, tuple[str | Promise, str]] = {
    "collaboration-project": (gettext_lazy("The customer's project"), "work/#project"),
    "work-items": (gettext_lazy("Work items"), "work/"),
    "open-questions": (gettext_lazy("Work items with their questions"), "work/"),
    "build-validated": (gettext_lazy("Acceptance criteria"), "work/"),
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


def changed_for(user: User, now: datetime) -> list[WaitingItem]:
    """Return the items of somebody whose text was changed in the customer's project."""
    # Whoever reaches all engagements builds none of them, so nothing is asked for them.
    if scope_for(user.role_set, Action.WORK_EDIT) not in {Scope.OWN, Scope.TEAM}:
        return []
    mine = WorkItem.objects.filter(owner=user, push_state=PushState.DIFFERS)
    if not mine.exists():
        return []
    reached = visible_engagements(user, Action.WORK_EDIT).order_by()
    found = mine.filter(
        engagement__in=reached.values("pk"), engagement__status__in=OPEN_STATUSES
    ).select_related("engagement__customer")
    return [
        WaitingItem(
            title=item.title,
            url=item.get_absolute_url(),
            why=_("%(customer)s changed the text of your work item.")
            % {"customer": item.engagement.customer},
            since=item.there_updated_at or item.created_at,
            icon="pencil",
        )
        for item in found.order_by("there_updated_at", "pk")[:SHOWN]
    ]


def work_of(person: User) -> dict[str, list[dict[str, Any]]]:
    """Return the work items that somebody owns, and the questions they answered."""
    items = WorkItem.objects.filter(owner=person)
    answered = OpenQuestion.objects.filter(answered_by=person)
    return {
        "owned": rows(items.values("engagement__title", "title", "state")),
        "answered": rows(answered.values("text", "answer", "answered_at")),
    }


def register_work_links() -> None:
    """Enter the links of steps, what waits, and what is kept of people."""
    step_links.register("work-items", links_of)
    waiting.register("work-items-changed", changed_for, order=35)
    register_personal_data(User, "work_items", work_of)
