"""Draft work items from what discovery brought to light, each source once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from engagements.execution.models import Assumption, DiscoveryQuestion, WorkItem
from engagements.execution.rules.drafting import (
    Draft,
    draft_of_assumption,
    draft_of_question,
)
from engagements.execution.services.work_items import next_order
from engagements.models import Engagement
from psdelivery.history.services import record
from psdelivery.people.models import User


@dataclass
class Drafted:
    """The new drafts, and how many sources had an item already."""

    items: list[WorkItem] = field(default_factory=list)
    had_one: int = 0


@transaction.atomic
def draft_items(
    engagement: Engagement,
    *,
    assumptions: Iterable[Assumption],
    questions: Iterable[DiscoveryQuestion],
    by: User,
    now: datetime,
) -> Drafted:
    """Make a draft of each chosen source that has no item yet.

    Pressed twice, or by two people at once, it makes none twice.
    """
    Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)
    drafted = Drafted()
    for assumption in assumptions:
        if assumption.work_items.exists():
            drafted.had_one += 1
            continue
        item = new_item(
            engagement, draft_of_assumption(assumption), assumption.session_id, now=now
        )
        item.assumptions.add(assumption)
        drafted.items.append(item)
    for question in questions:
        if question.work_items.exists():
            drafted.had_one += 1
            continue
        item = new_item(
            engagement, draft_of_question(question), question.session_id, now=now
        )
        item.answers.add(question)
        drafted.items.append(item)
    tell_of_drafts(engagement, drafted, by=by, now=now)
    return drafted


def new_item(
    engagement: Engagement, draft: Draft, session_id: int | None, *, now: datetime
) -> WorkItem:
    """Make one draft, behind the others."""
    return WorkItem.objects.create(
        engagement=engagement,
        session_id=session_id,
        title=draft.title,
        overview=draft.overview,
        order=next_order(engagement),
        created_at=now,
    )


def tell_of_drafts(
    engagement: Engagement, drafted: Drafted, *, by: User, now: datetime
) -> None:
    """Tell the history once of all that was drafted."""
    if not drafted.items:
        return
    changes = {"work_items": [[], [item.title for item in drafted.items]]}
    record(
        "work-items-drafted",
        by=by,
        subject=engagement,
        engagement=engagement,
        changes=changes,
        now=now,
    )
