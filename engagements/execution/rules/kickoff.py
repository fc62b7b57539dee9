"""What a kickoff still needs, before and after it was held (domain.md, section 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from psdelivery.people.moments import day_text
from psdelivery.registry import Reason

# Written before it is held, in the order of the page.
WANTED: Mapping[str, str | Promise] = {
    "agenda": gettext_lazy("The agenda is not written down."),
    "roles_ours": gettext_lazy("Who does what on our side is not written down."),
    "roles_theirs": gettext_lazy(
        "Who does what on the customer's side is not written down."
    ),
    "communication": gettext_lazy("How we communicate is not written down."),
}


@dataclass(frozen=True)
class ConfirmedOutcome:
    """A desired outcome, and what the customer said to it at the kickoff."""

    outcome: str
    said: str = ""

    @property
    def is_confirmed(self) -> bool:
        return bool(self.said.strip())


@dataclass(frozen=True)
class KickoffState:
    """What stands on the sheet of a kickoff and beside it."""

    texts: Mapping[str, str] = field(default_factory=dict)
    outcomes: Sequence[ConfirmedOutcome] = ()
    is_invited: bool = False
    deck_url: str = ""
    project_url: str = ""
    is_held: bool = False

    @property
    def named_outcomes(self) -> list[ConfirmedOutcome]:
        """The outcomes that say anything."""
        return [one for one in self.outcomes if one.outcome.strip()]


def missing_for_kickoff(state: KickoffState) -> list[str]:
    """Return in sentences what the kickoff lacks; advice, nothing waits for it.

    Before it is held: what is prepared. Afterwards: what was to be agreed in it.
    """
    missing = [
        str(sentence)
        for key, sentence in WANTED.items()
        if not state.texts.get(key, "").strip()
    ]
    if state.is_held:
        return [*missing, *missing_agreements(state)]
    if not state.named_outcomes:
        missing.append(_("No outcome stands there to be confirmed."))
    if not state.is_invited:
        missing.append(_("Nobody is invited."))
    if not state.deck_url:
        missing.append(_("There is no link to the deck."))
    if not state.project_url:
        missing.append(_("There is no link to the collaboration project."))
    return missing


def missing_agreements(state: KickoffState) -> list[str]:
    """Return what a kickoff that was held has not brought."""
    missing = []
    open_ones = [one for one in state.named_outcomes if not one.is_confirmed]
    if open_ones:
        missing.append(
            ngettext(
                "To %(n)d outcome nobody has written what the customer said.",
                "To %(n)d outcomes nobody has written what the customer said.",
                len(open_ones),
            )
            % {"n": len(open_ones)}
        )
    if not state.texts.get("decisions", "").strip():
        missing.append(_("Decisions and next steps are not written down."))
    return missing


def note_on_day(invited: date | None, planned: date | None) -> str:
    """Say where people are invited for another day than the planned start."""
    if invited is None or planned is None or invited == planned:
        return ""
    sentence = _(
        "Invited for %(invited)s, while the planned start is %(planned)s: the steps "
        "and the mail about the kickoff count from the planned start."
    )
    return sentence % {"invited": day_text(invited), "planned": day_text(planned)}


def reasons_against_having_held(held_on: date, *, today: date) -> list[Reason]:
    """A kickoff was held on a day that has come."""
    if held_on <= today:
        return []
    return [Reason("in-the-future", _("This day is still to come."))]


def reasons_without_step(*, has_step: bool) -> list[Reason]:
    """The day of the kickoff dates the checklist, so there has to be a step for it."""
    if has_step:
        return []
    sentence = _(
        "The checklist has no step for the kickoff, so nothing is dated by it."
    )
    return [Reason("no-step", sentence)]
