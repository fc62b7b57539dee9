"""The customer's project: its address, and who of the portal talks to it now."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from engagements.choices import OPEN_STATUSES
from engagements.execution.choices import PushState
from engagements.execution.gitlab.addresses import reasons_against_address
from engagements.execution.models import CollaborationProject, WorkItem
from engagements.execution.rules.pushing import EVERY, next_look
from engagements.execution.services.plan_steps import PlanStep, tick
from engagements.models import Engagement
from engagements.queries import step_of
from psdelivery.documents.services import add_link
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.registry import refuse

# Longer than one item can take, whatever the other side does.
LEASE = timedelta(minutes=5)
FREE = {"lease_until": None, "lease_token": ""}
UNTIED = {
    "push_state": PushState.NEVER,
    "issue_number": None,
    "issue_url": "",
    "pushed_title": "",
    "pushed_text": "",
    "pushed_at": None,
    "there_title": "",
    "there_text": "",
    "there_state": "",
    "there_updated_at": None,
    "there_at": None,
    "sent_digest": "",
    "seen_digest": "",
    "push_error": "",
    "push_wanted_at": None,
}


@transaction.atomic
def set_project(
    engagement: Engagement, url: str, *, by: User, now: datetime
) -> CollaborationProject:
    """Keep the address of the project, and tick the step that opens it.

    Another address unties the items from the issues of the old one; what has moved
    along is found again by its marker. Raises RuleRefused for what is no project.
    """
    refuse(reasons_against_address(url))
    Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)
    project, is_new = CollaborationProject.objects.get_or_create(
        engagement=engagement, defaults={"url": url}
    )
    old = "" if is_new else project.url
    if old == url:
        return project
    project.url, project.error, project.attempts = url, "", 0
    project.next_look_at = None
    project.save()
    WorkItem.objects.filter(engagement=engagement).update(**UNTIED)
    changes = {"collaboration_project": [old, url]}
    record(
        "collaboration-project-set",
        by=by,
        subject=engagement,
        engagement=engagement,
        changes=changes,
        now=now,
    )
    tick_project_step(engagement, url, by=by, now=now)
    return project


def tick_project_step(
    engagement: Engagement, url: str, *, by: User, now: datetime
) -> None:
    """Tick "Open the customer collaboration project" with the link as evidence."""
    step = step_of(engagement, PlanStep.COLLABORATION)
    if step is None or not step.is_open:
        return
    link = add_link(url, title=str(step), engagement=engagement, by=by, now=now)
    completion = Completion(evidence=link)
    tick(engagement, PlanStep.COLLABORATION, completion, by=by, now=now)


def due_projects(now: datetime) -> list[int]:
    """Return the projects of running engagements that are due, the longest first."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    rows = CollaborationProject.objects.filter(
        free, next_look_at__lte=now, engagement__status__in=OPEN_STATUSES
    )
    return list(rows.order_by("next_look_at").values_list("pk", flat=True)[:20])


def claim_project(pk: int, now: datetime) -> CollaborationProject | None:
    """Take the project; None while somebody else talks to it."""
    token = uuid.uuid4().hex
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    rows = CollaborationProject.objects.filter(free, pk=pk)
    if not rows.update(lease_token=token, lease_until=now + LEASE):
        return None
    found = CollaborationProject.objects.select_related("engagement__customer")
    return found.get(pk=pk)


def hold_project(project: CollaborationProject, now: datetime) -> bool:
    """Renew the claim; False when another worker has taken it over."""
    mine = CollaborationProject.objects.filter(
        pk=project.pk, lease_token=project.lease_token
    )
    return bool(mine.update(lease_until=now + LEASE))


def free_project(project: CollaborationProject, now: datetime) -> None:
    """Give the project back after it answered; it is read again in a while."""
    mine = CollaborationProject.objects.filter(
        pk=project.pk, lease_token=project.lease_token
    )
    mine.update(error="", attempts=0, read_at=now, next_look_at=now + EVERY, **FREE)


def note_trouble(
    project: CollaborationProject, sentence: str, retry_after: int, now: datetime
) -> None:
    """Say what went wrong, and try again later and later."""
    attempts = min(project.attempts + 1, 1_000)
    mine = CollaborationProject.objects.filter(
        pk=project.pk, lease_token=project.lease_token
    )
    mine.update(
        error=sentence[:300],
        attempts=attempts,
        next_look_at=next_look(attempts, retry_after, now),
        **FREE,
    )
