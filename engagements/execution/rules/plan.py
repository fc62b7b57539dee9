"""Deliverables and milestones as they are planned (domain.md, section 4)."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from engagements.execution.choices import DeliverableState
from engagements.execution.models import Deliverable
from psdelivery.registry import Reason


def by_due_day(deliverables: Iterable[Deliverable]) -> list[Deliverable]:
    """Return them soonest first; what has no day comes last, in the order added."""
    return sorted(
        deliverables,
        key=lambda one: (one.due_on is None, one.due_on or date.max, one.order, one.pk),
    )


def gaps_of(deliverable: Deliverable) -> list[str]:
    """Return what planning still has to say: owner, day, acceptance criteria.

    A milestone hands nothing over, so it needs no criteria.
    """
    gaps = []
    if deliverable.owner_id is None:
        gaps.append(_("owner"))
    if deliverable.due_on is None:
        gaps.append(_("day"))
    if not (deliverable.is_milestone or deliverable.acceptance_criteria.strip()):
        gaps.append(_("acceptance criteria"))
    return gaps


def reasons_against_agreed_plan(deliverables: Sequence[Deliverable]) -> list[Reason]:
    """Return what an agreed plan lacks, deliverable by deliverable."""
    if not deliverables:
        return [Reason("no-plan", _("No deliverable or milestone is planned."))]
    return [
        Reason(
            "plan-gap",
            _("“%(title)s” lacks: %(gaps)s.") % {"title": one, "gaps": ", ".join(gaps)},
            one.get_absolute_url(),
            _("Complete it"),
        )
        for one in deliverables
        if (gaps := gaps_of(one))
    ]


def reasons_against_editing(deliverable: Deliverable) -> list[Reason]:
    """What the customer accepted stays as they accepted it."""
    if deliverable.state != DeliverableState.ACCEPTED:
        return []
    sentence = _("“%(title)s” was accepted as it stands.") % {"title": deliverable}
    return [Reason("accepted", sentence, deliverable.get_absolute_url())]


def reasons_against_kind(
    deliverable: Deliverable, *, has_versions: bool
) -> list[Reason]:
    """A milestone has nothing to hand over, so what has versions becomes none.

    Nor does one that has moved on: both go through other states.
    """
    if not has_versions and deliverable.state == DeliverableState.DRAFT:
        return []
    sentence = _("Deliverable or milestone is decided while it is a draft, and empty.")
    return [Reason("kind", sentence)]


def reasons_against_removing(
    deliverable: Deliverable, *, has_versions: bool
) -> list[Reason]:
    """Only what nobody has worked on yet is taken off the plan."""
    if not has_versions and deliverable.state == DeliverableState.DRAFT:
        return []
    sentence = _("“%(title)s” has been worked on: it stays on the plan.")
    url = deliverable.get_absolute_url()
    return [Reason("worked-on", sentence % {"title": deliverable}, url)]
