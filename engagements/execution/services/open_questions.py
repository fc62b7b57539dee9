"""Open questions of a work item: asked, answered, or turned into a risk (R-10)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from engagements.execution.models import OpenQuestion, ProjectRisk, WorkItem
from engagements.execution.rules.build import shortened
from engagements.execution.rules.work import (
    reasons_against_answer,
    reasons_against_question,
    reasons_against_risk,
)
from engagements.execution.services.risks import add_risk
from engagements.execution.services.work_items import (
    hold_build,
    lock_item,
    record_item,
)
from engagements.execution.services.work_steps import tick_open_questions
from psdelivery.people.models import User
from psdelivery.registry import Reason, RuleRefused, refuse


@dataclass(frozen=True)
class RiskWanted:
    """The risk that takes over a question: its words, how bad it is, whose it is."""

    title: str
    priority: str
    impact: str
    owner: User | None
    mitigation: str


@transaction.atomic
def ask_open_question(
    item: WorkItem, text: str, *, by: User, now: datetime
) -> OpenQuestion:
    """Add a question to an item; R-10 takes the item out of the build.

    Raises RuleRefused without words, and when there are too many.
    """
    item = lock_item(item.pk)
    standing = item.open_questions.aggregate(last=Max("order"))["last"] or 0
    refuse(reasons_against_question(item, text, item.open_questions.count()))
    question = OpenQuestion.objects.create(
        work_item=item, order=standing + 1, text=text.strip()
    )
    tell_of("open-question-asked", question, item, by=by, now=now)
    hold_build(item, by=by, now=now)
    return question


@transaction.atomic
def answer_open_question(
    question: OpenQuestion, answer: str, *, seen: str, by: User, now: datetime
) -> OpenQuestion:
    """Answer a question, or change its answer; raises RuleRefused.

    `seen` is the answer that the writer saw.
    """
    item = lock_item(question.work_item_id)
    question = locked_question(question)
    refuse(reasons_against_answer(question, answer, seen))
    question.answer = answer.strip()
    question.answered_by, question.answered_at = by, now
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    tell_of("open-question-answered", question, item, by=by, now=now)
    tick_open_questions(item.engagement, by=by, now=now)
    return question


@transaction.atomic
def turn_into_risk(
    question: OpenQuestion, wanted: RiskWanted, *, by: User, now: datetime
) -> ProjectRisk:
    """R-10: let a risk of the engagement stand for an open question.

    Raises RuleRefused for one that is answered, or a risk already.
    """
    item = lock_item(question.work_item_id)
    question = locked_question(question)
    refuse(reasons_against_risk(question))
    risk = add_risk(
        item.engagement,
        title=wanted.title,
        priority=wanted.priority,
        impact=wanted.impact,
        owner=wanted.owner,
        mitigation=wanted.mitigation,
        by=by,
        now=now,
    )
    question.risk = risk
    question.save(update_fields=["risk"])
    tell_of("open-question-risk", question, item, by=by, now=now)
    tick_open_questions(item.engagement, by=by, now=now)
    return risk


@transaction.atomic
def drop_question(question: OpenQuestion, *, by: User, now: datetime) -> WorkItem:
    """Take a question away that nobody needs to answer; the history keeps its words."""
    item = lock_item(question.work_item_id)
    question = locked_question(question)
    tell_of("open-question-dropped", question, item, by=by, now=now)
    question.delete()
    return item


def locked_question(question: OpenQuestion) -> OpenQuestion:
    """Return the question as it stands; its item is locked already.

    Raises RuleRefused for one that somebody took away meanwhile.
    """
    rows = OpenQuestion.objects.select_related("answered_by", "risk")
    found = rows.filter(pk=question.pk).first()
    if found is None:
        raise RuleRefused([Reason("gone", _("The question was taken away meanwhile."))])
    return found


def tell_of(
    verb: str, question: OpenQuestion, item: WorkItem, *, by: User, now: datetime
) -> None:
    """Count the change as one of the item's text, and tell the history."""
    WorkItem.objects.filter(pk=item.pk).update(version=F("version") + 1)
    record_item(verb, item, by=by, now=now, reason=shortened(question.text))
