"""Questions that wait: what stands against an answer, or against a step for one."""

from typing import Protocol

from django.utils.translation import gettext as _

from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason


class Question(Protocol):
    """What somebody asked: answered by somebody, or taken over by a step."""

    @property
    def answer(self) -> str: ...

    @property
    def answered_by(self) -> User | None: ...

    @property
    def step(self) -> Step | None: ...


def reasons_against_question(text: str) -> list[Reason]:
    """Return the reason against a question without words."""
    if text.strip():
        return []
    return [Reason("question-missing", _("Write the question."))]


def reasons_against_answering(
    question: Question, answer: str, seen: str
) -> list[Reason]:
    """Return what stands against an answer: a step, another answer, no words.

    `seen` is the answer that the person saw. One that is newer is shown, and not
    overwritten; a question that a step has taken over is done there.
    """
    if against := reasons_of_step(question):
        return against
    if question.answer and question.answer != seen.strip():
        return reasons_of_answer(question)
    if answer.strip():
        return []
    return [Reason("answer-missing", _("Write the answer."))]


def reasons_against_turning(question: Question) -> list[Reason]:
    """Return what stands against a step for a question: it is settled already."""
    return reasons_of_step(question) or reasons_of_answer(question)


def reasons_of_step(question: Question) -> list[Reason]:
    """Return the reason against what a step has taken over: it is done there."""
    if question.step is None:
        return []
    sentence = _("A step has taken this question over.")
    url = question.step.get_absolute_url()
    return [Reason("is-step", sentence, url, _("Open the step"))]


def reasons_of_answer(question: Question) -> list[Reason]:
    """Return the answer that is there as a reason, with who gave it."""
    if not question.answer:
        return []
    sentence = _("%(person)s has answered meanwhile: “%(answer)s”")
    words = {"person": question.answered_by, "answer": question.answer}
    return [Reason("answered", sentence % words)]
