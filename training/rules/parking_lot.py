"""Questions parked in class: when one is open, and what may be done with it."""

from django.utils.translation import gettext as _

from psdelivery.registry import Reason
from training.models import Delivery, ParkedQuestion
from training.rules.roster import reasons_against_roster


def is_open(question: ParkedQuestion) -> bool:
    """Tell whether a question waits: neither answered nor taken over by a step."""
    return not question.answer and question.step_id is None


def reasons_against_parking(delivery: Delivery, text: str) -> list[Reason]:
    """Return what stands against a question: no words, or no class."""
    if text.strip():
        return reasons_against_roster(delivery)
    return [Reason("question-missing", _("Write the question."))]


def reasons_against_answering(
    question: ParkedQuestion, answer: str, seen: str
) -> list[Reason]:
    """Return what stands against an answer: a step, another answer, no words.

    `seen` is the answer that the person saw.
    """
    if against := reasons_of_step(question):
        return against
    if question.answer and question.answer != seen.strip():
        sentence = _("%(person)s has answered meanwhile: “%(answer)s”")
        words = {"person": question.answered_by, "answer": question.answer}
        return [Reason("answered", sentence % words)]
    if not answer.strip():
        return [Reason("answer-missing", _("Write the answer."))]
    return []


def reasons_against_turning(question: ParkedQuestion) -> list[Reason]:
    """Return what stands against a step for a question: it is settled already."""
    if against := reasons_of_step(question):
        return against
    if question.answer:
        return [Reason("answered", _("This question has been answered."))]
    if question.delivery.checklist_id is None:
        return [Reason("checklist", _("This class has no checklist."))]
    return reasons_against_roster(question.delivery)


def reasons_of_step(question: ParkedQuestion) -> list[Reason]:
    """Return the reason against what a step has taken over: it is done there."""
    if question.step is None:
        return []
    sentence = _("A step has taken this question over.")
    url = question.step.get_absolute_url()
    return [Reason("is-step", sentence, url, _("Open the step"))]
