"""The recap of a discovery session: drafted, read back, confirmed by the customer.

Pure: no database, no clock, no request.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from engagements.execution.choices import AssumptionState
from engagements.execution.models import Assumption
from engagements.summary import one_line
from psdelivery.outbox.rules.templates import plain_in_markdown
from psdelivery.registry import Reason


@dataclass(frozen=True)
class Told:
    """A question with its heading and the answer, empty without one."""

    section: str
    question: str
    answer: str


def recap_text(told: Sequence[Told], assumptions: Iterable[Assumption]) -> str:
    """Return a first recap (Markdown): answers, assumptions, what is still open.

    What is built from it is left for a person to write: it is the agreement.
    """
    parts = [
        part(_("What we will design and build"), [_("- …")]),
        part(_("What you told us"), answer_lines(told)),
        part(_("What we assumed"), assumption_lines(assumptions)),
        part(_("Still to be answered"), open_lines(told)),
    ]
    return "\n\n".join(one for one in parts if one)


def part(title: str, lines: Sequence[str]) -> str:
    """Return a heading with its lines; nothing where there are none."""
    return "\n".join([f"### {title}", "", *lines]) if lines else ""


def answer_lines(told: Iterable[Told]) -> list[str]:
    """Return each answered question with its answer, in a line."""
    return [
        f"- {plain_in_markdown(one.question)} → {one_line(one.answer)}"
        for one in told
        if one.answer
    ]


def open_lines(told: Iterable[Told]) -> list[str]:
    """Return the questions without an answer."""
    return [f"- {plain_in_markdown(one.question)}" for one in told if not one.answer]


def assumption_lines(assumptions: Iterable[Assumption]) -> list[str]:
    """Return the assumptions by what became of them; who said so stays with us."""
    words = {
        AssumptionState.VALIDATED.value: _("It holds: %(text)s"),
        AssumptionState.INVALIDATED.value: _("It does not hold: %(text)s"),
        AssumptionState.OPEN.value: _("Still open: %(text)s"),
    }
    order = list(words)
    found = sorted(assumptions, key=lambda one: order.index(one.state))
    return [
        "- " + words[one.state] % {"text": plain_in_markdown(one.text)} for one in found
    ]


def reasons_without_recap(recap: str, url: str) -> list[Reason]:
    """Return the reason against reading back or confirming what nobody wrote."""
    if recap.strip():
        return []
    sentence = _("The recap is empty: draft it from the answers, or write it.")
    return [Reason("no-recap", sentence, f"{url}#live-recap", _("Write it"))]


def reasons_against_draft(seen: int, version: int) -> list[Reason]:
    """Return the reason against replacing a recap that changed since it was seen."""
    if seen == version:
        return []
    sentence = _("Somebody has written in the recap meanwhile. Read it first.")
    return [Reason("changed", sentence)]


def is_changed_since(
    changed_at: datetime | None, confirmed_at: datetime | None
) -> bool:
    """Tell whether the recap says something else than what was confirmed."""
    if confirmed_at is None or changed_at is None:
        return False
    return changed_at > confirmed_at
