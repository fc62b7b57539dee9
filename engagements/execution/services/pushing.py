"""Push work items to the customer's project, one by one, each exactly once.

Nothing here holds a transaction while the other side is asked. What is about to be
sent is written down before, so that a worker that dies in between leaves enough for
the next one to find what was made.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.execution.choices import PushState
from engagements.execution.gitlab.addresses import (
    project_address,
    reasons_against_talking,
    token_for,
)
from engagements.execution.gitlab.client import (
    GitlabError,
    GitlabProject,
    Issue,
    IssueGone,
)
from engagements.execution.models import CollaborationProject, WorkItem
from engagements.execution.rules.completeness import missing_for_ready
from engagements.execution.rules.pushing import Sides, Verdict, verdict_of
from engagements.execution.rules.work_text import IssueText, issue_of, marker_of
from engagements.execution.services.collaboration import hold_project
from engagements.execution.services.work_items import record_item
from engagements.models import Engagement
from psdelivery import clock
from psdelivery.people.models import User
from psdelivery.registry import Reason, refuse

# The clocks of two servers differ; an issue is never older than its item.
CLOCKS_DIFFER = timedelta(days=1)


class Overtaken(Exception):
    """Another worker has the project now; this one must send nothing more."""


@dataclass
class Pushed:
    """What a push did, item by item."""

    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    differ: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    by: User | None = None


@transaction.atomic
def ask_for_push(engagement: Engagement, *, by: User, now: datetime) -> int:
    """Want every item pushed that lacks nothing; return how many.

    Raises RuleRefused where there is no project, its host is not allowed, or no item
    is complete.
    """
    project = CollaborationProject.objects.filter(engagement=engagement).first()
    refuse(reasons_against_push(project))
    items = WorkItem.objects.select_for_update().filter(engagement=engagement)
    complete = [item.pk for item in items if not missing_for_ready(item)]
    if not complete:
        sentence = _("No work item is complete: each needs its three parts.")
        refuse([Reason("none", sentence)])
    wanted = WorkItem.objects.filter(pk__in=complete)
    wanted.update(push_wanted_at=now, push_wanted_by=by, push_error="")
    # A worker that dies leaves the rest to the next look.
    rows = CollaborationProject.objects.filter(engagement=engagement)
    rows.update(next_look_at=now)
    return len(complete)


def reasons_against_push(project: CollaborationProject | None) -> list[Reason]:
    """Say what keeps the portal from talking to the customer's project."""
    if project is None:
        sentence = _("Enter the address of the customer's project first.")
        return [Reason("no-project", sentence)]
    return reasons_against_talking(project.url)


def open_project(project: CollaborationProject) -> GitlabProject:
    """Return the other side, ready to be asked; raises GitlabError where it may not."""
    address = project_address(project.url)
    against = reasons_against_talking(project.url)
    if against or address is None:
        raise GitlabError(" ".join(reason.sentence for reason in against))
    return GitlabProject(address, token_for(address))


def push_wanted(
    project: CollaborationProject,
    other: GitlabProject,
    tell: Callable[[int, int], None] | None = None,
) -> Pushed:
    """Push what is wanted, one after the other; raises GitlabError, Overtaken.

    The caller has claimed the project. What one issue is to blame for is noted at its
    item; other trouble ends the push, and the rest stays wanted.
    """
    wanted = wanted_items(project)
    known = marked_issues(wanted, other)
    done = Pushed()
    for number, item in enumerate(wanted):
        done.by = item.push_wanted_by
        if not hold_project(project, clock.now()):
            raise Overtaken
        push_one(item, other, known, done)
        if tell is not None:
            tell(number + 1, len(wanted))
    return done


def wanted_items(project: CollaborationProject) -> list[WorkItem]:
    """Return the items to be pushed, in their order."""
    rows = WorkItem.objects.filter(
        engagement=project.engagement_id, push_wanted_at__isnull=False
    )
    rows = rows.select_related("engagement__customer", "push_wanted_by")
    return list(rows.prefetch_related("open_questions").order_by("order", "pk"))


def marked_issues(wanted: list[WorkItem], other: GitlabProject) -> dict[str, Issue]:
    """Return the issues that bear the marker of an item which knows of none.

    An earlier push may have made one and died before it could say so.
    """
    lost = [item for item in wanted if item.issue_number is None]
    if not lost:
        return {}
    since = min(item.created_at for item in lost) - CLOCKS_DIFFER
    found: dict[str, Issue] = {}
    for issue in other.issues_since(since):
        for item in lost:
            marker = marker_of(item.uid)
            if marker in issue.text:
                found.setdefault(marker, issue)
    return found


def push_one(
    item: WorkItem, other: GitlabProject, known: dict[str, Issue], done: Pushed
) -> None:
    """Push one item; what this issue alone is to blame for is noted at it."""
    ours = issue_of(item, item.open_questions.all())
    try:
        there = issue_there(item, other, known)
        if there is None:
            intend(item, ours)
            keep_pushed(item, ours, other.create(ours.title, ours.text))
            done.made.append(item.title)
        else:
            push_again(item, ours, there, other, done)
    except GitlabError as error:
        keep_error(item, error)
        if not error.is_of_item:
            raise
        done.failed.append(f"{item.title}: {error}")


def issue_there(
    item: WorkItem, other: GitlabProject, known: dict[str, Issue]
) -> Issue | None:
    """Return the issue of the item as it stands there; None where none was made."""
    if item.issue_number is not None:
        return other.issue(item.issue_number)
    found = known.get(marker_of(item.uid))
    if found is not None:
        tie(item, found)
    return found


def push_again(
    item: WorkItem, ours: IssueText, there: Issue, other: GitlabProject, done: Pushed
) -> None:
    """Write ours where only ours is new; keep theirs beside it where theirs is."""
    text = IssueText(there.title, there.text)
    verdict = verdict_of(
        Sides(
            ours=ours,
            there=text,
            pushed=IssueText(item.pushed_title, item.pushed_text),
            sent=item.sent_digest,
            seen=item.seen_digest,
            is_settled=item.pushed_at is not None,
        )
    )
    if verdict is Verdict.WRITE:
        intend(item, ours)
        issue = other.update(there.number, ours.title, ours.text)
        keep_pushed(item, ours, issue)
        done.changed.append(item.title)
    elif verdict is Verdict.SAME:
        keep_pushed(item, ours, there)
        done.same.append(item.title)
    else:
        keep_theirs(item, there)
        done.differ.append(item.title)


def intend(item: WorkItem, ours: IssueText) -> None:
    """Write down what is just to be sent, before it is."""
    item.sent_digest, item.pushed_at = ours.digest, None
    rows = WorkItem.objects.filter(pk=item.pk)
    rows.update(sent_digest=ours.digest, pushed_at=None)


def tie(item: WorkItem, issue: Issue) -> None:
    """Remember which issue belongs to the item."""
    item.issue_number, item.issue_url = issue.number, issue.url
    rows = WorkItem.objects.filter(pk=item.pk)
    rows.update(issue_number=issue.number, issue_url=issue.url)


def there_fields(issue: Issue, now: datetime) -> dict[str, object]:
    """Return what is kept of an issue as it stands there."""
    return {
        "issue_number": issue.number,
        "issue_url": issue.url,
        "there_title": issue.title[:255],
        "there_text": issue.text,
        "there_state": issue.state,
        "there_at": now,
    }


def keep_pushed(item: WorkItem, ours: IssueText, issue: Issue) -> None:
    """Keep that ours stands there now; tell the history where it was not there."""
    now, is_news = clock.now(), item.pushed_at is None
    with transaction.atomic():
        WorkItem.objects.filter(pk=item.pk).update(
            push_state=PushState.PUSHED,
            push_wanted_at=None,
            push_error="",
            pushed_title=issue.title[:255],
            pushed_text=issue.text,
            pushed_at=now,
            sent_digest=ours.digest,
            seen_digest="",
            **there_fields(issue, now),
        )
        if is_news:
            record_item("work-item-pushed", item, by=item.push_wanted_by, now=now)


def keep_theirs(item: WorkItem, issue: Issue) -> None:
    """Keep what stands there beside ours; nothing is overwritten."""
    now = clock.now()
    WorkItem.objects.filter(pk=item.pk).update(
        push_state=PushState.DIFFERS,
        push_wanted_at=None,
        push_error="",
        seen_digest="",
        **there_fields(issue, now),
    )


def keep_error(item: WorkItem, error: GitlabError) -> None:
    """Note at the item why it is not there; what would fail again is wanted no more."""
    fields: dict[str, object] = {
        "push_state": PushState.FAILED,
        "push_error": str(error)[:300],
    }
    if error.is_of_item:
        fields["push_wanted_at"] = None
    if isinstance(error, IssueGone):
        # Asked for once more, it is made anew.
        fields |= {"issue_number": None, "issue_url": "", "pushed_at": None}
    WorkItem.objects.filter(pk=item.pk).update(**fields)
