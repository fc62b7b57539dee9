"""Which state a work item may go to, and what may be changed in it."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from engagements.execution.choices import PushState, WorkItemState
from engagements.execution.models import OpenQuestion, WorkItem
from engagements.execution.rules.completeness import missing_for_ready
from psdelivery.registry import Reason

CHANGED_MEANWHILE = "changed-meanwhile"
ORDER = [state.value for state in WorkItemState]
DRAFT, IN_BUILD = WorkItemState.DRAFT, WorkItemState.IN_BUILD
MOST_QUESTIONS = 50


def next_state(state: str) -> str:
    """Return the state after this one, "" after the last."""
    place = ORDER.index(state) + 1
    return ORDER[place] if place < len(ORDER) else ""


def states_before(state: str) -> list[str]:
    """Return the states that an item can go back to, the nearest first."""
    return ORDER[: ORDER.index(state)][::-1]


def reasons_against_state(
    item: WorkItem, to: str, *, against_build: Sequence[Reason]
) -> list[Reason]:
    """Return what stands against a state: draft → ready → in build → validation → done.

    One step forward at a time, back to any. Nothing that lacks a part leaves the
    draft; `against_build` is what R-10 says, asked before the build alone.
    """
    if to not in ORDER:
        return [Reason("unknown", _("There is no such state."))]
    if to == item.state:
        return [already_there(item)]
    if to in states_before(item.state):
        return list(against_build) if to == IN_BUILD else []
    if to != next_state(item.state):
        words = {"state": WorkItemState(next_state(item.state)).label}
        return [Reason("too-far", _("First it is %(state)s.") % words)]
    missing = missing_for_ready(item, item.edit_url)
    return [*missing, *(against_build if to == IN_BUILD else [])]


def already_there(item: WorkItem) -> Reason:
    """Say that somebody was faster."""
    words = {"state": item.get_state_display()}
    return Reason("there", _("It is %(state)s already.") % words)


def reasons_against_saving(item: WorkItem) -> list[Reason]:
    """An item that is ready, or further, does not lose a part that it needs."""
    if item.state == DRAFT:
        return []
    return [
        Reason(one.code, f"{one.sentence} {back_first(item)}")
        for one in missing_for_ready(item)
    ]


def back_first(item: WorkItem) -> str:
    """Say how an item may become incomplete again."""
    words = {"state": item.get_state_display()}
    return _("The item is %(state)s: set it back to draft first.") % words


def reasons_against_version(item: WorkItem, seen: int) -> list[Reason]:
    """Nobody overwrites unseen what somebody else saved meanwhile."""
    if item.version == seen:
        return []
    sentence = _("Somebody saved this item a moment ago: look at both texts.")
    return [Reason(CHANGED_MEANWHILE, sentence)]


def reasons_against_removing(item: WorkItem) -> list[Reason]:
    """Only what nobody outside has seen, and nobody builds, is removed."""
    if item.push_state != PushState.NEVER or item.issue_number is not None:
        sentence = _("It stands in the customer's project: close it there.")
        return [Reason("pushed", sentence)]
    if item.state != DRAFT:
        return [Reason("not-draft", _("Only a draft is removed."))]
    return []


def reasons_against_question(item: WorkItem, text: str, standing: int) -> list[Reason]:
    """A question has words, and an item as many as can be overlooked."""
    if not text.strip():
        return [Reason("empty", _("Type the question."))]
    if standing >= MOST_QUESTIONS:
        sentence = _("%(most)d questions are enough for one item; split it.")
        return [Reason("too-many", sentence % {"most": MOST_QUESTIONS})]
    return []


def reasons_against_answer(
    question: OpenQuestion, answer: str, seen: str
) -> list[Reason]:
    """An answer has words, and replaces none that its writer has not seen."""
    if not answer.strip():
        return [Reason("empty", _("Type the answer."))]
    if question.answer != seen:
        sentence = _("Meanwhile %(who)s answered: “%(text)s”. Save to replace it.")
        words: dict[str, Any] = {
            "who": question.answered_by or _("the customer"),
            "text": question.answer or _("nothing"),
        }
        return [Reason(CHANGED_MEANWHILE, sentence % words)]
    return []


def reasons_against_risk(question: OpenQuestion) -> list[Reason]:
    """R-10: only what is open becomes a risk, and once."""
    if question.answer:
        return [Reason("answered", _("The question is answered: no risk is left."))]
    if question.risk_id is not None:
        return [Reason("risk", _("The question is a risk already."))]
    return []
