"""Settle a text that was changed in the customer's project: theirs, or ours."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.execution.choices import PushState
from engagements.execution.models import (
    CollaborationProject,
    OpenQuestion,
    WorkItem,
)
from engagements.execution.rules.work_text import (
    IssueText,
    ReadText,
    issue_of,
    read_issue,
)
from engagements.execution.services.work_items import (
    hold_build,
    lock_item,
    record_item,
)
from psdelivery.people.models import User
from psdelivery.registry import Reason, refuse


def there_of(item: WorkItem) -> IssueText:
    """Return the text there as it was read last."""
    return IssueText(item.there_title, item.there_text)


def reasons_against_settling(item: WorkItem, seen: str) -> list[Reason]:
    """Only what differs is settled, by who has seen the text that stands there."""
    if item.push_state != PushState.DIFFERS:
        return [Reason("same", _("Both texts are the same by now."))]
    if there_of(item).digest != seen:
        sentence = _("The text there has changed once more. Look at it first.")
        return [Reason("changed-there", sentence)]
    return []


@transaction.atomic
def take_theirs(item: WorkItem, seen: str, *, by: User, now: datetime) -> WorkItem:
    """Put the text that stands there in the place of ours; raises RuleRefused."""
    item = lock_item(item.pk)
    refuse(reasons_against_settling(item, seen))
    there = there_of(item)
    read = read_issue(there)
    item.title = read.title or item.title
    item.overview, item.tasks = read.overview, read.tasks
    item.acceptance_criteria = read.acceptance_criteria
    take_questions(item, read, now=now)
    item.version += 1
    item.push_state, item.push_wanted_at = PushState.PUSHED, None
    item.pushed_title, item.pushed_text = item.there_title, item.there_text
    item.pushed_at = now
    item.sent_digest = issue_of(item, item.open_questions.all()).digest
    item.save()
    record_item("work-item-taken", item, by=by, now=now)
    hold_build(item, by=by, now=now)
    return item


def take_questions(item: WorkItem, read: ReadText, *, now: datetime) -> None:
    """Take over new questions and answers; none of ours is lost for want of theirs."""
    ours = {question.text: question for question in item.open_questions.all()}
    last = max((question.order for question in ours.values()), default=0)
    for place, theirs in enumerate(read.questions, 1):
        question = ours.get(theirs.text)
        if question is None:
            question = OpenQuestion(
                work_item=item, text=theirs.text, order=last + place
            )
        if theirs.answer and theirs.answer != question.answer:
            question.answer = theirs.answer
            question.answered_by, question.answered_at = None, now
        question.save()


@transaction.atomic
def want_overwritten(item: WorkItem, seen: str, *, by: User, now: datetime) -> WorkItem:
    """Let the next push put ours in the place of the text that was seen there.

    Raises RuleRefused for another text; so does the push, should it change meanwhile.
    """
    item = lock_item(item.pk)
    refuse(reasons_against_settling(item, seen))
    item.seen_digest = seen
    item.push_wanted_at, item.push_wanted_by = now, by
    item.save(update_fields=["seen_digest", "push_wanted_at", "push_wanted_by"])
    rows = CollaborationProject.objects.filter(engagement=item.engagement_id)
    rows.update(next_look_at=now)
    record_item("work-item-overwritten", item, by=by, now=now)
    return item
