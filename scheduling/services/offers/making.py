"""Offer up to *3* ways out in one action; each holds its days (R-7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from engagements.models import Engagement
from psdelivery.people.models import User
from psdelivery.people.register import portal_settings
from psdelivery.people.services.changes import one_transaction
from psdelivery.registry import Reason, refuse
from scheduling.choices import Hold, OfferKind, OfferState, RequestState
from scheduling.models import Allocation, Offer, ResourceRequest
from scheduling.rules.alternatives import Part, Proposal
from scheduling.rules.offers import offer_ends, reasons_against_offering, waits
from scheduling.rules.requests import reasons_against_handling
from scheduling.services.bookings import Placement, place
from scheduling.services.offers.giving_way import (
    ask_to_give_way,
    asked_person,
    question_until,
)
from scheduling.services.offers.holding import (
    lock_offers,
    lock_what_is_held,
    tell_history,
)
from scheduling.services.offers.news import tell_of_offers
from scheduling.services.requests import Next, lock_request, move_request
from scheduling.services.requests.moving import under_review
from scheduling.settings import OFFER_DAYS, OFFERS_AT_MOST


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way out as it is offered: what it is, and its words."""

    proposal: Proposal
    title: str
    reason: str
    effect: str = ""


def offer_ways(
    asked: ResourceRequest,
    ways: Sequence[Way],
    *,
    version: int | None = None,
    by: User,
    now: datetime,
) -> list[Offer]:
    """R-7: offer these ways; whoever holds days that would have to go is asked first.

    Raises RuleRefused for too many, for what is offered already, and for a request
    that others moved on since `version`.
    """
    with one_transaction():
        stored = lock_request(asked, version)
        chosen = [way.proposal.fingerprint for way in ways]
        most = portal_settings()[OFFERS_AT_MOST]
        refuse(reasons_against_handling(stored, RequestState.OFFERED))
        standing = lock_offers(stored)
        refuse(reasons_against_offering(stored.kind, chosen, standing, most=most))
        holds = holds_of(ways)
        keys = {
            (part.person_id, day)
            for way in ways
            for part in way.proposal.parts
            for day, _share in part.days
        }
        lock_what_is_held(stored, list(holds.values()), keys)
        under_review(stored, by=by, now=now)
        offers = [
            make_offer(stored, way, rank, holds, by=by, now=now)
            for rank, way in enumerate(ways, start=1)
        ]
        tell_of(stored, offers, by=by, now=now)
        return offers


def tell_of(
    stored: ResourceRequest, offers: Sequence[Offer], *, by: User, now: datetime
) -> None:
    """Give the ball to who asked, where something can be taken at once."""
    taken = waits(offers)
    if not taken:
        return
    to = Next(state=RequestState.OFFERED, due_at=taken[0].expires_at)
    move_request(stored, to, by=by, now=now)
    tell_of_offers(stored, taken, by=by, now=now)


def holds_of(ways: Sequence[Way]) -> dict[int, Allocation]:
    """Return the soft holds that would give way."""
    ids = [way.proposal.displaces for way in ways if way.proposal.displaces]
    rows = Allocation.objects.select_related(
        "engagement__customer", "engagement__checklist", "engagement__region"
    )
    return rows.select_related("request__requested_by", "placed_by").in_bulk(ids)


def make_offer(
    stored: ResourceRequest,
    way: Way,
    rank: int,
    holds: Mapping[int, Allocation],
    *,
    by: User,
    now: datetime,
) -> Offer:
    """Write one offer with the holds of its days."""
    hold = holds.get(way.proposal.displaces or 0)
    refuse(reasons_against_hold(way.proposal, hold))
    asks = hold is not None and asked_person(hold) not in {by, stored.requested_by}
    offer = Offer(
        request=stored,
        kind=way.proposal.kind,
        state=OfferState.ASKING if asks else OfferState.OPEN,
        rank=rank,
        title=way.title[:300],
        reason=way.reason[:1_000],
        effect=way.effect[:1_000],
        fingerprint=way.proposal.fingerprint,
        displaces=hold,
        offered_by=by,
        offered_at=now,
        expires_at=ends_at(stored, now),
    )
    if asks and hold is not None:
        offer.expires_at = question_until(offer, hold, now)
    offer.save()
    for part in way.proposal.parts:
        place(held_days(offer, part), by=by, reason=offer.title, now=now)
    tell_history(offer, "offer-made", way.reason, by=by, now=now)
    if asks and hold is not None:
        ask_to_give_way(offer, hold, by=by, now=now)
    return offer


def ends_at(stored: ResourceRequest, now: datetime) -> datetime:
    """R-7: return when an offer to this requester ends."""
    days = portal_settings()[OFFER_DAYS]
    return offer_ends(now, days, stored.requested_by.calendar)


def reasons_against_hold(proposal: Proposal, hold: Allocation | None) -> list[Reason]:
    """Only a soft hold that stands can give way."""
    if proposal.kind != OfferKind.DISPLACE:
        return []
    if hold is not None and hold.is_active and hold.hold == Hold.SOFT:
        return []
    return [Reason("hold-gone", _("The soft hold is there no more. Look again."))]


def held_days(offer: Offer, part: Part) -> Placement:
    """Return the hold of the days of one person; exempt from the stage rule (R-7)."""
    stored = offer.request
    engagement: Engagement | None = stored.engagement
    return Placement(
        engagement=engagement,
        role=stored.role,
        hold=Hold.OFFER,
        days=part.hours,
        person=User.objects.get(pk=part.person_id),
        request=stored,
        offer=offer,
        expires_at=offer.expires_at,
        task=stored.task,
    )
