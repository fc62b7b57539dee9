"""How a deliverable goes from draft to accepted (domain.md, section 4; R-17)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.execution.choices import (
    OPEN_DELIVERABLES,
    DeliverableState,
    ReviewOutcome,
)
from engagements.execution.models import Deliverable
from psdelivery.registry import Reason

DRAFT, IN_REVIEW, DELIVERED, ACCEPTED, REJECTED = DeliverableState


@dataclass(frozen=True)
class StateMove:
    """A row of the table: from, to, what the button says, and whether it says why."""

    source: str
    target: str
    words: str | Promise
    wants_reason: bool = False


# What the customer decides is recorded by a review, never by a move.
MOVES = (
    StateMove(DRAFT, IN_REVIEW, gettext_lazy("Let it be reviewed")),
    StateMove(IN_REVIEW, DELIVERED, gettext_lazy("It is delivered")),
    StateMove(IN_REVIEW, DRAFT, gettext_lazy("Back to draft")),
    StateMove(DELIVERED, IN_REVIEW, gettext_lazy("Take it back"), True),
    StateMove(REJECTED, DRAFT, gettext_lazy("Work on it again")),
    StateMove(REJECTED, DELIVERED, gettext_lazy("Take the rejection back"), True),
    StateMove(ACCEPTED, DELIVERED, gettext_lazy("Take the acceptance back"), True),
)
# A milestone is reached, or not: nothing is handed over.
MILESTONE_MOVES = (
    StateMove(DRAFT, DELIVERED, gettext_lazy("It is reached")),
    StateMove(DELIVERED, DRAFT, gettext_lazy("It is not reached"), True),
)
MILESTONE_WORDS = {
    DRAFT: gettext_lazy("to come"),
    DELIVERED: gettext_lazy("reached"),
}


def moves_of(deliverable: Deliverable) -> list[StateMove]:
    """Return the moves that the table knows from where it stands."""
    table = MILESTONE_MOVES if deliverable.is_milestone else MOVES
    return [move for move in table if move.source == deliverable.state]


def state_words(deliverable: Deliverable) -> str:
    """Return its state in words; a milestone has words of its own."""
    own = MILESTONE_WORDS.get(DeliverableState(deliverable.state))
    if deliverable.is_milestone and own is not None:
        return str(own)
    return str(deliverable.get_state_display())


def find_move(deliverable: Deliverable, target: str) -> StateMove | None:
    """Return the row of the table to that state, None for a move outside it."""
    return next((m for m in moves_of(deliverable) if m.target == target), None)


def reasons_against_move(
    deliverable: Deliverable, target: str, reason: str, *, has_versions: bool
) -> list[Reason]:
    """Return what stands against the move: the table, a missing reason, its needs."""
    move = find_move(deliverable, target)
    if move is None:
        known = ", ".join(f"“{one.words}”" for one in moves_of(deliverable))
        sentence = _("It is %(state)s; from there one can: %(known)s.")
        words = {"state": state_words(deliverable), "known": known or _("nothing")}
        return [Reason("outside-table", sentence % words)]
    reasons = []
    if move.wants_reason and not reason.strip():
        reasons.append(Reason("reason-missing", _("Say why.")))
    forward = {IN_REVIEW, DELIVERED} if move.source in {DRAFT, IN_REVIEW} else set()
    if deliverable.is_milestone or target not in forward:
        return reasons
    return [
        *reasons,
        *reasons_without_version(deliverable, has_versions=has_versions),
        *(reasons_without_criteria(deliverable) if target == DELIVERED else []),
    ]


def reasons_without_version(
    deliverable: Deliverable, *, has_versions: bool
) -> list[Reason]:
    """Nothing is read or handed over that is not there."""
    if has_versions:
        return []
    url = f"{deliverable.get_absolute_url()}version/"
    sentence = _("There is no version yet: a file, or a link to it.")
    return [Reason("no-version", sentence, url, _("Add a version"))]


def reasons_without_criteria(deliverable: Deliverable) -> list[Reason]:
    """Nothing is delivered before it is written down when it counts as done."""
    if deliverable.acceptance_criteria.strip():
        return []
    url = f"{deliverable.get_absolute_url()}edit/"
    sentence = _("The acceptance criteria are not written down.")
    return [Reason("no-criteria", sentence, url, _("Write them down"))]


def reasons_against_version(deliverable: Deliverable) -> list[Reason]:
    """A milestone has no versions; what was accepted stays as it is."""
    if deliverable.is_milestone:
        return [Reason("milestone", _("A milestone has nothing to hand over."))]
    if deliverable.state == ACCEPTED:
        return [Reason("accepted", _("It was accepted as it stands."))]
    return []


def state_with_version(state: str) -> str:
    """Return the state once a newer version is there: what was delivered is not it."""
    return DRAFT if state in {DELIVERED, REJECTED} else state


def reasons_against_review(
    deliverable: Deliverable, outcome: str, note: str, said_on: date, *, today: date
) -> list[Reason]:
    """What the customer says is about what was delivered; a rejection says why."""
    reasons = []
    if deliverable.is_milestone or deliverable.state != DELIVERED:
        sentence = _("It is %(state)s; the customer decides on what is delivered.")
        words = {"state": state_words(deliverable)}
        reasons.append(Reason("not-delivered", sentence % words))
    if outcome == ReviewOutcome.REJECTED and not note.strip():
        reasons.append(Reason("why", _("Say what the customer wants changed.")))
    if said_on > today:
        reasons.append(Reason("future", _("This day is still to come.")))
    return reasons


def still_open(deliverables: Iterable[Deliverable]) -> list[Deliverable]:
    """Return the deliverables that the customer has not accepted; no milestones."""
    return [
        one
        for one in deliverables
        if not one.is_milestone and one.state in OPEN_DELIVERABLES
    ]


def reasons_of_open_deliverables(deliverables: Iterable[Deliverable]) -> list[Reason]:
    """R-17: Closed needs every deliverable accepted; each that is not is named."""
    return [
        Reason(
            "deliverable-open",
            _("The customer has not accepted “%(title)s”: it is %(state)s.")
            % {"title": one, "state": state_words(one)},
            one.get_absolute_url(),
            _("Open it"),
        )
        for one in still_open(deliverables)
    ]


def are_all(deliverables: Sequence[Deliverable], *states: str) -> bool:
    """Tell whether there are deliverables, and all of them are in these states."""
    handed_over = [one for one in deliverables if not one.is_milestone]
    return bool(handed_over) and all(one.state in states for one in handed_over)
