"""Questions about the scope: asked, answered, or turned into steps (R-5)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import Engagement, Handoff, HandoffQuestion
from engagements.rules.handoff import shortened
from engagements.rules.questions import (
    reasons_against_answering,
    reasons_against_question,
    reasons_against_turning,
)
from engagements.services.handoff import settle_handoff
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.playbooks.choices import Phase
from psdelivery.playbooks.models import Checklist
from psdelivery.playbooks.rules.adhoc import AdHocStep
from psdelivery.playbooks.services.adhoc import add_step
from psdelivery.registry import refuse


@dataclass(frozen=True)
class StepWanted:
    """The step that takes over a question: what is to be done, by whom, by when."""

    title: str
    owner: User
    due_day: date


@transaction.atomic
def ask_question(
    handoff: Handoff, text: str, owner: User | None, *, by: User, now: datetime
) -> HandoffQuestion:
    """Ask somebody about the scope. Raises RuleRefused without words."""
    refuse(reasons_against_question(text))
    question = HandoffQuestion.objects.create(
        handoff=handoff, text=text.strip(), owner=owner, asker=by, asked_at=now
    )
    tell_of("question-asked", question, by=by, now=now)
    return question


@transaction.atomic
def answer_question(
    question: HandoffQuestion, answer: str, *, seen: str, by: User, now: datetime
) -> HandoffQuestion:
    """Answer a question, or change its answer; raises RuleRefused.

    `seen` is the answer that the person saw: one that somebody else gave meanwhile is
    not overwritten unread.
    """
    question = lock_question(question)
    refuse(reasons_against_answering(question, answer, seen))
    question.answer = answer.strip()
    question.answered_by, question.answered_at = by, now
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    tell_of("question-answered", question, by=by, now=now)
    settle_handoff(question.handoff, by=by, now=now)
    return question


@transaction.atomic
def turn_into_step(
    question: HandoffQuestion, wanted: StepWanted, *, by: User, now: datetime
) -> HandoffQuestion:
    """Let a step take over a question: owner, due day, and a link back.

    Raises RuleRefused for a question that is settled, and as `add_step` does.
    """
    question = lock_question(question)
    refuse(reasons_against_turning(question))
    url = f"{question.handoff.get_absolute_url()}#question-{question.pk}"
    asked = AdHocStep(
        title=wanted.title,
        phase=Phase.PLAN,
        assignee=wanted.owner,
        due_day=wanted.due_day,
        instructions=_("Asked at the handoff by %(person)s: %(question)s")
        % {"person": question.asker, "question": question.text},
        subject_url=url,
    )
    checklist = cast(Checklist, question.handoff.engagement.checklist)
    question.step = add_step(checklist, asked, by=by, now=now)
    question.save(update_fields=["step"])
    tell_of("question-turned", question, by=by, now=now)
    settle_handoff(question.handoff, by=by, now=now)
    return question


def lock_question(question: HandoffQuestion) -> HandoffQuestion:
    """Return the question as it stands now, with its handoff; others wait."""
    HandoffQuestion.objects.select_for_update().get(pk=question.pk)
    found = HandoffQuestion.objects.select_related("handoff", "asker", "answered_by")
    current = found.get(pk=question.pk)
    current.handoff.engagement = Engagement.objects.select_related("checklist").get(
        pk=current.handoff.engagement_id
    )
    return current


def tell_of(verb: str, question: HandoffQuestion, *, by: User, now: datetime) -> None:
    """Write what became of a question into the engagement's history."""
    record(
        verb,
        by=by,
        subject=question,
        engagement=question.handoff.engagement,
        reason=shortened(question.answer) if question.answer else "",
        now=now,
    )
