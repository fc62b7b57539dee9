"""Risks of an engagement: how they are ranked, and when the list is worked out."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from engagements.execution.choices import Priority, RiskStatus
from engagements.execution.models import ProjectRisk
from psdelivery.registry import Reason

RANKS = {Priority.HIGH: 0, Priority.MEDIUM: 1, Priority.LOW: 2}


def rank_of(risk: ProjectRisk) -> tuple[bool, bool, int, int]:
    """Return by what risks are put in order: open ones, escalated ones, high ones."""
    is_closed = risk.status == RiskStatus.CLOSED
    return is_closed, not risk.is_escalated, RANKS[Priority(risk.priority)], risk.pk


def in_order(risks: Iterable[ProjectRisk]) -> list[ProjectRisk]:
    """Return the risks as they are to be looked at."""
    return sorted(risks, key=rank_of)


def closed_on_after(status: str, closed_on: date | None, *, today: date) -> date | None:
    """Return on which day a risk in this status was closed; None while it is not.

    The day of a risk that was closed before stays.
    """
    return (closed_on or today) if status == RiskStatus.CLOSED else None


def gaps_of(risk: ProjectRisk) -> list[str]:
    """Return what an open risk still lacks: somebody who owns it, a mitigation."""
    if risk.status == RiskStatus.CLOSED:
        return []
    gaps = []
    if risk.owner_id is None:
        gaps.append(_("owner"))
    if not risk.mitigation.strip():
        gaps.append(_("mitigation"))
    return gaps


def reasons_against_risk_list(risks: Sequence[ProjectRisk]) -> list[Reason]:
    """Return what a list of risks still lacks to be one to work with.

    domain.md, section 4: priority, impact, owner, mitigation. An empty list is none.
    """
    if not risks:
        return [Reason("no-risks", _("No risk is on the list."))]
    return [
        Reason(
            "risk-gap",
            _("“%(risk)s” lacks: %(gaps)s.")
            % {"risk": one.title, "gaps": ", ".join(gaps)},
            one.get_absolute_url(),
            _("Complete it"),
        )
        for one in risks
        if (gaps := gaps_of(one))
    ]
