"""Assumptions: taken over, decided with evidence, and when one becomes a risk (R-10).

Pure: no database, no clock, no request.
"""

import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from engagements.execution.choices import AssumptionState
from engagements.execution.models import Assumption
from psdelivery.registry import Reason

ASSUMPTION_LENGTH = 500
_bullet = re.compile(r"\A(?:[-*+•]|\d+[.)])\s+")


def assumptions_in(text: str) -> list[str]:
    """Return the assumptions of a text, one in each line; marks of lists are left out.

    A line that stands there twice counts once; a very long one is cut, the assessment
    has it whole.
    """
    lines = (_bullet.sub("", " ".join(line.split())) for line in text.splitlines())
    cut = (shortened(line) for line in lines if line)
    return list(dict.fromkeys(cut))


def shortened(line: str) -> str:
    """Return a line so that it can be kept."""
    if len(line) <= ASSUMPTION_LENGTH:
        return line
    return f"{line[: ASSUMPTION_LENGTH - 1]}…"


def not_taken_yet(present: Iterable[str], lines: Iterable[str]) -> list[str]:
    """Return the lines that are not among the assumptions, whatever their case."""
    known = {text.casefold() for text in present}
    return [line for line in lines if line.casefold() not in known]


def reasons_against_deciding(state: str, evidence: str) -> list[Reason]:
    """R-10: nothing is decided without what shows it; nor is it opened again."""
    if evidence.strip():
        return []
    if state == AssumptionState.OPEN:
        return [Reason("evidence", _("Say why it is open again."))]
    return [Reason("evidence", _("Say what shows it: who said so, where it stands."))]


def reasons_against_risk(assumption: Assumption, state: str) -> list[Reason]:
    """R-10: what holds is no risk, and an assumption becomes one once."""
    if assumption.risk_id is not None:
        return [Reason("is-risk", _("It is a risk already."))]
    if state == AssumptionState.VALIDATED:
        return [Reason("holds", _("It holds, so it is no risk."))]
    return []


def reasons_against_dropping(assumption: Assumption, uses: int) -> list[Reason]:
    """Return what stands against taking an assumption away: others build on it."""
    reasons = []
    if assumption.is_initial:
        sentence = _("It stands in the assessment: decide it instead.")
        reasons.append(Reason("initial", sentence))
    if assumption.state != AssumptionState.OPEN or assumption.risk_id is not None:
        sentence = _("It was decided, or became a risk: that is kept.")
        reasons.append(Reason("decided", sentence))
    if uses:
        sentence = _("Work items rest on it.")
        reasons.append(Reason("used", sentence))
    return reasons


def goes_to_lead(old: str, new: str, *, becomes_risk: bool) -> bool:
    """Tell whether the lead has to look: something was overturned, and is no risk.

    Scope or effort may move (domain.md, section 4); a risk has its owner.
    """
    overturned = AssumptionState.INVALIDATED
    return new == overturned and old != overturned and not becomes_risk


def counts_of(assumptions: Sequence[Assumption]) -> dict[str, int]:
    """Return how many there are in each state."""
    found = {state.value: 0 for state in AssumptionState}
    for one in assumptions:
        found[one.state] += 1
    return found
