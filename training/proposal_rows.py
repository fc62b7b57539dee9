"""Proposed dates in short, for the tab of an engagement."""

from dataclasses import dataclass
from datetime import datetime

from engagements.models import Engagement
from psdelivery.people.moments import local_day, span_text
from training.choices import ProposalState
from training.models import DateOption, DateProposal
from training.proposal_detail import TONES, last_moment_of
from training.rules.proposals import letter


@dataclass(frozen=True)
class ProposalRow:
    """A proposal with its sets in short."""

    proposal: DateProposal
    tone: str
    # Until when the customer may answer, of sent dates.
    last_moment: datetime | None
    options: list[str]


def proposal_rows_of(engagement: Engagement) -> list[ProposalRow]:
    """Return the proposals that are open, and those that lapsed (three queries).

    What was confirmed is a class, what was taken back is history.
    """
    shown = [ProposalState.DRAFT, ProposalState.SENT, ProposalState.LAPSED]
    found = DateProposal.objects.filter(engagement=engagement, state__in=shown)
    rows = found.select_related("engagement__customer").prefetch_related(
        "options__trainer", "options__sessions"
    )
    return [row_of(one) for one in rows.order_by("pk")]


def row_of(proposal: DateProposal) -> ProposalRow:
    """Put one proposal together."""
    options = [option_words(proposal, one) for one in proposal.options.all()]
    is_sent = proposal.state == ProposalState.SENT
    return ProposalRow(
        proposal,
        TONES[ProposalState(proposal.state)],
        last_moment_of(proposal) if is_sent else None,
        options,
    )


def option_words(proposal: DateProposal, option: DateOption) -> str:
    """Say a set in a line: "A: 6 – 7 Apr 2027, Tara Trainer"."""
    days = [local_day(one.starts_at, proposal.zone) for one in option.sessions.all()]
    words = f"{letter(option.order)}: {span_text(min(days), max(days))}"
    return f"{words}, {option.trainer}" if option.trainer else words
