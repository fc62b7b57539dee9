"""Candidates and ways out as pages show them, and as they come back from a form."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from psdelivery.registry import Reason
from scheduling.choices import OfferKind
from scheduling.match_words import fit_words, lacks_of, reasons_for
from scheduling.models import Offer, ResourceRequest
from scheduling.offer_words import Told, names_for, tell
from scheduling.queries.conflicts import Obstacle, obstacles_of
from scheduling.queries.matching import Matching
from scheduling.rules.alternatives import Proposal
from scheduling.rules.alternatives.proposals import part_of
from scheduling.rules.demand import is_enough
from scheduling.rules.matching import Candidate, plan_of
from scheduling.services.offers import Way

# Before the id of a person who is offered as asked for.
PERSON = "p"


@dataclass(frozen=True, kw_only=True)
class CandidateRow:
    """A candidate in words; without `key` they have not all of it and are booked only.

    `note` says why somebody who has all of it is not offered again.
    """

    name: str
    url: str
    book_url: str
    fit: str
    fits: bool
    reasons: Sequence[str]
    lacks: Sequence[str]
    key: str = ""
    note: str = ""
    is_ticked: bool = False


@dataclass(frozen=True, kw_only=True)
class WayRow:
    """A way out in words, with the key by which it is chosen."""

    key: str
    kind: str
    told: Told
    is_ticked: bool = False


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Of whom there is too little, how much, and what stands there."""

    name: str
    fit: str
    obstacles: Sequence[Obstacle]


def candidate_rows(
    found: Matching, candidates: Sequence[Candidate], ticked: Collection[str] = ()
) -> list[CandidateRow]:
    """Return candidates in words; one query, for what was offered before."""
    before = states_of_offers(found.asked)
    return [row_of(found, one, before, ticked) for one in candidates]


def row_of(
    found: Matching,
    one: Candidate,
    before: Mapping[str, str],
    ticked: Collection[str],
) -> CandidateRow:
    """Return one candidate in words."""
    has_all = is_enough(found.demand, one.hours.clear)
    note = before.get(proposal_of(found, one).fingerprint, "") if has_all else ""
    key = f"{PERSON}{one.pk}"
    return CandidateRow(
        name=one.colleague.name,
        url=reverse("people:person-detail", args=[one.pk]),
        book_url=book_url(found.asked, one.pk),
        fit=fit_words(found.demand, one),
        fits=one.fits,
        reasons=reasons_for(found, one),
        lacks=lacks_of(found, one),
        key=key if has_all and not note else "",
        note=note,
        is_ticked=key in ticked,
    )


def book_url(asked: ResourceRequest, person_id: int) -> str:
    """Return the form that books the request for somebody."""
    return f"{reverse('scheduling:request-book', args=[asked.pk])}?person={person_id}"


def states_of_offers(asked: ResourceRequest) -> dict[str, str]:
    """Return what became of what was offered, by fingerprint; the last counts."""
    rows = Offer.objects.filter(request=asked).order_by("pk")
    return {
        one.fingerprint: str(one.get_state_display())
        for one in rows.only("fingerprint", "state")
        if one.state in KNOWN
    }


# An offer that expired or was taken back can be made again.
KNOWN = frozenset({"asking", "open", "declined"})


def proposal_of(found: Matching, one: Candidate) -> Proposal:
    """Return the days as asked for by somebody who has them."""
    demand = found.demand
    is_other = demand.person_id not in (None, one.pk)
    return Proposal(
        kind=OfferKind.OTHER_PERSON if is_other else OfferKind.AS_ASKED,
        parts=(part_of(one.pk, demand.days, plan_of(demand, one) or {}),),
        moved=0,
        ranks=(0,),
    )


def way_rows(found: Matching, ticked: Collection[str] = ()) -> list[WayRow]:
    """Return the ways out in words; one query where a hold would give way."""
    known = names_for(found, found.proposals)
    return [
        WayRow(
            key=one.fingerprint,
            kind=str(one.kind.label),
            told=tell(one, found, known),
            is_ticked=one.fingerprint in ticked,
        )
        for one in found.proposals
    ]


def conflict_of(found: Matching) -> Conflict | None:
    """Return what keeps the first to be proposed from it; None without a conflict."""
    focus = found.focus
    if focus is None or not found.is_conflict:
        return None
    return Conflict(
        name=focus.colleague.name,
        fit=fit_words(found.demand, focus),
        obstacles=obstacles_of(found.demand, focus),
    )


def chosen_ways(found: Matching, keys: Sequence[str]) -> tuple[list[Way], list[Reason]]:
    """Return the ways that were ticked, and what is there no more.

    Hours that were free when the page was made may be taken by now.
    """
    by_key = {one.fingerprint: one for one in found.proposals}
    by_key |= {
        f"{PERSON}{one.pk}": proposal_of(found, one)
        for one in found.candidates
        if f"{PERSON}{one.pk}" in keys and is_enough(found.demand, one.hours.clear)
    }
    chosen = {by_key[key].fingerprint: by_key[key] for key in keys if key in by_key}
    known = names_for(found, list(chosen.values()))
    ways = [way_of(one, tell(one, found, known)) for one in chosen.values()]
    if set(keys) <= set(by_key):
        return ways, []
    sentence = _("Something that you chose is not free any more. Look again.")
    return ways, [Reason("gone", sentence)]


def way_of(proposal: Proposal, told: Told) -> Way:
    """Return a proposal as it is offered."""
    return Way(
        proposal=proposal,
        title=told.title,
        reason=told.reason,
        effect=told.effect,
    )
