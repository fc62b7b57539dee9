"""Questions parked in class: answered, or turned into steps (domain.md, section 5)."""

from datetime import datetime
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.rules.questions import reasons_against_answering
from engagements.services.handoff_questions import StepWanted
from psdelivery.people.models import User
from psdelivery.playbooks.choices import Phase, StepState
from psdelivery.playbooks.models import Checklist, Step
from psdelivery.playbooks.rules.adhoc import AdHocStep
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.adhoc import add_step
from psdelivery.playbooks.services.steps import reopen_step
from psdelivery.registry import refuse
from training.choices import DeliveryState, StepKey
from training.models import Delivery, ParkedQuestion
from training.rules.parking_lot import (
    is_open,
    reasons_against_parking,
    reasons_against_taking_over,
)
from training.services.checklists import delivery_owners, record_delivery
from training.services.sessions import lock
from training.services.ticking import tick_open


@transaction.atomic
def park_question(
    delivery: Delivery, text: str, asked_by: str, *, by: User, now: datetime
) -> ParkedQuestion:
    """Keep a question that was left open; a step that was done opens again.

    Raises RuleRefused without words, and for a class called off.
    """
    delivery = lock(delivery)
    refuse(reasons_against_parking(delivery, text))
    question = ParkedQuestion.objects.create(
        delivery=delivery,
        text=text.strip(),
        asked_by=asked_by.strip(),
        parked_at=now,
        parked_by=by,
    )
    record_delivery("question-parked", delivery, {}, by=by, now=now)
    reopen_parking_lot(delivery, by=by, now=now)
    return question


def reopen_parking_lot(delivery: Delivery, *, by: User, now: datetime) -> None:
    """Open the step again that was done before the question came."""
    done = Step.objects.filter(
        checklist=delivery.checklist_id, key=StepKey.PARKING_LOT, state=StepState.DONE
    )
    for step in done:
        reopen_step(step, by=by, reason=_("Another question was parked."), now=now)


@transaction.atomic
def answer_parked(
    question: ParkedQuestion, answer: str, *, seen: str, by: User, now: datetime
) -> ParkedQuestion:
    """Answer a question, or change its answer; raises RuleRefused.

    `seen` is the answer that the person saw: one that somebody else gave meanwhile is
    not overwritten unread.
    """
    question = lock_question(question)
    refuse(reasons_against_answering(question, answer, seen))
    question.answer = answer.strip()
    question.answered_by, question.answered_at = by, now
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    record_delivery("parked-answered", question.delivery, {}, by=by, now=now)
    settle_parking_lot(question.delivery, by=by, now=now)
    return question


@transaction.atomic
def turn_parked_into_step(
    question: ParkedQuestion, wanted: StepWanted, *, by: User, now: datetime
) -> ParkedQuestion:
    """Let a step of the class take over a question: owner, due day, and a link back.

    Raises RuleRefused for a question that is settled, and as `add_step` does.
    """
    question = lock_question(question)
    refuse(reasons_against_taking_over(question))
    asked = AdHocStep(
        title=wanted.title,
        phase=Phase.CLOSE,
        assignee=wanted.owner,
        due_day=wanted.due_day,
        instructions=_("Left open in class: %(question)s")
        % {"question": question.text},
        subject_url=question.get_absolute_url(),
    )
    delivery = question.delivery
    checklist = cast(Checklist, delivery.checklist)
    owners = delivery_owners(delivery)
    question.step = add_step(checklist, asked, owners=owners, by=by, now=now)
    question.save(update_fields=["step"])
    record_delivery("parked-turned", delivery, {}, by=by, now=now)
    settle_parking_lot(delivery, by=by, now=now)
    return question


def lock_question(question: ParkedQuestion) -> ParkedQuestion:
    """Return the question as it stands now, with its class; others wait."""
    delivery = lock(question.delivery)
    current = ParkedQuestion.objects.select_related("step", "answered_by").get(
        pk=question.pk
    )
    current.delivery = delivery
    return current


def settle_parking_lot(delivery: Delivery, *, by: User | None, now: datetime) -> None:
    """Tick the step of the parking lot once the class is over and no question is open.

    Where nothing was ever parked somebody says so by hand.
    """
    if delivery.state != DeliveryState.HELD:
        return
    questions = list(delivery.parked_questions.all())
    if not questions or any(map(is_open, questions)):
        return
    turned = sum(one.step_id is not None for one in questions)
    note = _("%(answered)s answered, %(turned)s with a step of their own.") % {
        "answered": len(questions) - turned,
        "turned": turned,
    }
    key = StepKey.PARKING_LOT
    tick_open(delivery.checklist_id, key, Completion(note=note), by=by, now=now)
