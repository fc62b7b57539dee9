"""Read back what became of the items in the customer's project."""

from datetime import datetime

from django.db import transaction

from engagements.execution.choices import PushState
from engagements.execution.gitlab.client import GitlabProject, Issue
from engagements.execution.models import (
    CollaborationProject,
    WorkItem,
    WorkItemComment,
)
from engagements.execution.rules.work_text import IssueText
from engagements.execution.services.collaboration import hold_project
from engagements.execution.services.pushing import Overtaken, there_fields
from engagements.execution.services.work_items import record_item
from psdelivery import clock


def read_back(project: CollaborationProject, other: GitlabProject) -> int:
    """Read state, text and new comments of each issue; return how many had news.

    The caller has claimed the project. Raises GitlabError, Overtaken.
    """
    rows = WorkItem.objects.filter(
        engagement=project.engagement_id, issue_number__isnull=False
    ).select_related("engagement__customer")
    items = {item.issue_number: item for item in rows if item.issue_number}
    news = 0
    for issue in other.issues(items):
        item = items.get(issue.number)
        if item is None or item.there_updated_at == issue.updated_at:
            continue
        if not hold_project(project, clock.now()):
            raise Overtaken
        keep_comments(item, other)
        keep_issue(item, issue, clock.now())
        news += 1
    return news


def keep_comments(item: WorkItem, other: GitlabProject) -> None:
    """Keep the comments that are new, and the words of those that changed."""
    notes = other.notes(item.issue_number or 0)
    WorkItemComment.objects.bulk_create(
        [
            WorkItemComment(
                work_item=item,
                number=note.number,
                author=note.author,
                text=note.text,
                at=note.at,
            )
            for note in notes
        ],
        update_conflicts=True,
        unique_fields=["work_item", "number"],
        update_fields=["author", "text", "at"],
    )


@transaction.atomic
def keep_issue(item: WorkItem, issue: Issue, now: datetime) -> None:
    """Keep state and text as they stand there, and tell what is news of both."""
    item = WorkItem.objects.select_for_update().get(pk=item.pk)
    was = (item.there_state, item.push_state)
    for name, value in there_fields(issue, now).items():
        setattr(item, name, value)
    item.there_updated_at = issue.updated_at
    item.push_state = state_of(item)
    item.save()
    if was[1] != item.push_state and item.push_state == PushState.DIFFERS:
        record_item("work-item-changed-there", item, by=None, now=now)
    if was[0] and was[0] != item.there_state:
        changes: dict[str, list[object]] = {"there_state": [was[0], item.there_state]}
        record_item("work-item-state-there", item, by=None, now=now, changes=changes)


def state_of(item: WorkItem) -> str:
    """Tell whether what stands there is what was pushed last."""
    there = IssueText(item.there_title, item.there_text)
    pushed = IssueText(item.pushed_title, item.pushed_text)
    if there.says_the_same(pushed) or there.digest == item.sent_digest:
        is_failed = item.push_state == PushState.FAILED
        return item.push_state if is_failed else PushState.PUSHED
    return PushState.DIFFERS
