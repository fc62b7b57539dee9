"""Work items in the demo data: drafted from discovery, one of them ready to build."""

from datetime import datetime

from django.db import transaction

from engagements.execution.models import CollaborationProject, DiscoverySession
from engagements.execution.services.open_questions import ask_open_question
from engagements.execution.services.work_drafts import draft_items
from engagements.execution.services.work_items import move_item, save_item
from engagements.execution.work_queries import findings_of
from psdelivery.people.models import User

MOST = 2
DRAFTED = 3
TASKS = "- [ ] export the projects, a group at a time\n- [ ] import them at night"
CRITERIA = "- [ ] each project builds\n- [ ] nobody has lost a merge request"
QUESTION = "Who approves the freeze of the old server?"


@transaction.atomic
def draft_some_work(by: User, now: datetime) -> int:
    """Draft items from the first sessions, and bring one of each as far as ready."""
    held = DiscoverySession.objects.select_related("engagement__customer")
    sessions = list(held.order_by("pk")[:MOST])
    for session in sessions:
        draft_from(session, by, now)
    return len(sessions)


def draft_from(session: DiscoverySession, by: User, now: datetime) -> None:
    """Draft what the session found, as its engineer would."""
    engagement = session.engagement
    findings = findings_of(engagement, session)
    drafted = draft_items(
        engagement,
        assumptions=findings.assumptions,
        questions=findings.questions[:DRAFTED],
        by=by,
        now=now,
    )
    if not drafted.items:
        return
    whole, *others = drafted.items
    values = {"tasks": TASKS, "acceptance_criteria": CRITERIA}
    saved = save_item(whole, values, seen=whole.version, by=by, now=now)
    move_item(saved, "ready", by=by, now=now)
    for item in others[:1]:
        ask_open_question(item, QUESTION, by=by, now=now)
    url = f"https://gitlab.example/demo/collaboration-{engagement.pk}"
    CollaborationProject.objects.get_or_create(
        engagement=engagement, defaults={"url": url}
    )
