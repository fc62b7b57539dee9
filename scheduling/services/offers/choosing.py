"""Take what was offered, or decline it (R-7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.choices import Booking
from psdelivery.people.models import User
from psdelivery.people.register import portal_settings
from psdelivery.people.services.changes import one_transaction
from psdelivery.registry import Reason, RuleRefused, refuse
from scheduling.choices import Hold, OfferState, RequestKind, RequestState
from scheduling.events import BookedDays
from scheduling.models import Allocation, Offer, ResourceRequest
from scheduling.rules.booking import soft_hold_ends
from scheduling.rules.offers import (
    reasons_against_choosing,
    reasons_without_words,
    waits,
)
from scheduling.rules.requests import reasons_against_move
from scheduling.services.bookings import Change, Placement, change, release
from scheduling.services.offers.giving_way import give_way, locked_offer
from scheduling.services.offers.holding import (
    free,
    held_by,
    lock_offers,
    lock_what_is_held,
    tell_history,
)
from scheduling.services.offers.news import (
    tell_of_choice,
    tell_of_declining,
    tell_of_failure,
)
from scheduling.services.placements import booked_now, placement_of
from scheduling.services.requests import Next, lock_request, move_request
from scheduling.services.requests.moving import decided
from scheduling.settings import SOFT_DAYS


@dataclass(frozen=True)
class Taken:
    """What became of taking an offer: booked, or under review for these reasons."""

    offer: Offer
    reasons: Sequence[Reason] = ()

    @property
    def is_booked(self) -> bool:
        return not self.reasons


def accept_offer(offer: Offer, *, by: User, now: datetime) -> Taken:
    """R-7: book what was offered and release the rest; R-2 and R-6 are asked again.

    Where they stand against it nothing is booked, and the request is under review
    with the reasons. Raises RuleRefused for an offer that was decided meanwhile.
    """
    with one_transaction():
        stored = lock_request(offer.request)
        found = locked_offer(offer, lock_offers(stored))
        refuse(reasons_against_choosing(found, now=now))
        refuse(reasons_against_move(stored, RequestState.ACCEPTED))
        try:
            with transaction.atomic():
                book(stored, found, by=by, now=now)
        except RuleRefused as refused:
            fail(offer, refused.reasons, by=by, now=now)
            return Taken(offer, refused.reasons)
        return Taken(found)


def book(stored: ResourceRequest, offer: Offer, *, by: User, now: datetime) -> None:
    """Book the days of an offer, inside the caller's transaction."""
    others = [one for one in (offer.displaces, stored.allocation) if one is not None]
    lock_what_is_held(stored, others)
    to = Next(state=RequestState.ACCEPTED, note=offer.title, passes=True)
    move_request(stored, to, by=by, now=now)
    for other in lock_offers(stored):
        if other.pk != offer.pk:
            words = _("Another way was taken: %(title)s") % {"title": offer.title}
            free(other, OfferState.RELEASED, words, by=by, now=now)
    give_way(offer, by=by, now=now)
    offer.state, offer.decided_by, offer.decided_at = OfferState.ACCEPTED, by, now
    offer.save()
    tell_history(offer, "offer-accepted", by=by, now=now)
    book_days(stored, offer, by=by, now=now)
    decided(stored, Next(state=RequestState.BOOKED, note=offer.title), by=by, now=now)
    tell_of_choice(stored, offer, by=by, now=now)


def book_days(
    stored: ResourceRequest, offer: Offer, *, by: User, now: datetime
) -> None:
    """Turn the holds of an offer into bookings.

    Of a request to change a booking the first one takes that booking's place.
    """
    held, why = held_by(offer), Change(reason=offer.title, cause=stored.cause)
    changed = stored.allocation if stored.kind == RequestKind.CHANGE else None
    if changed is not None and changed.is_active:
        first, *held = held
        wanted = as_booking(stored, first, now)
        release(first, why, by=by, now=now)
        change(changed, wanted, why, by=by, now=now)
    for allocation in held:
        change(allocation, as_booking(stored, allocation, now), why, by=by, now=now)


def as_booking(
    stored: ResourceRequest, allocation: Allocation, now: datetime
) -> Placement:
    """Return the days of an offer as the request wants them booked."""
    is_hard = stored.booking == Booking.HARD
    days = booked_now(allocation).days
    booked = BookedDays(
        allocation.person, Hold.HARD if is_hard else Hold.SOFT, dict(days)
    )
    allocation.expires_at = (
        None if is_hard else soft_hold_ends(now, portal_settings()[SOFT_DAYS])
    )
    return placement_of(allocation, booked)


def fail(offer: Offer, reasons: Sequence[Reason], *, by: User, now: datetime) -> None:
    """Give the request back to coordination with what stands against the offer."""
    stored = lock_request(offer.request)
    lock_what_is_held(stored, [])
    words = " ".join(reason.sentence for reason in reasons)
    to_review(stored, words, by=by, now=now)
    tell_of_failure(stored, offer, words, by=by, now=now)


def to_review(
    stored: ResourceRequest, words: str, *, by: User | None, now: datetime
) -> None:
    """Put the request under review; what is still offered is freed with the move."""
    to = Next(state=RequestState.UNDER_REVIEW, note=words[:500])
    move_request(stored, to, by=by, now=now)


def decline_offer(offer: Offer, reason: str, *, by: User, now: datetime) -> Offer:
    """Decline one way with a reason; with the last one coordination has the ball."""
    refuse(reasons_without_words(reason))
    with one_transaction():
        stored = lock_request(offer.request)
        found = locked_offer(offer, lock_offers(stored))
        refuse(reasons_against_choosing(found, now=now))
        decline(stored, [found], reason, by=by, now=now)
        return found


def decline_all(
    asked: ResourceRequest, reason: str, *, by: User, now: datetime
) -> list[Offer]:
    """Decline everything that was offered, with one reason."""
    refuse(reasons_without_words(reason))
    with one_transaction():
        stored = lock_request(asked)
        found = list(waits(lock_offers(stored)))
        if not found:
            sentence = _("Nothing is offered any more.")
            refuse([Reason("decided", sentence, stored.get_absolute_url())])
        decline(stored, found, reason, by=by, now=now)
        return found


def decline(
    stored: ResourceRequest,
    offers: Sequence[Offer],
    reason: str,
    *,
    by: User,
    now: datetime,
) -> None:
    """Decline offers of a locked request."""
    lock_what_is_held(stored, [])
    for offer in offers:
        free(offer, OfferState.DECLINED, reason, by=by, now=now)
    if not waits(lock_offers(stored)):
        to_review(stored, reason, by=by, now=now)
    tell_of_declining(stored, offers, reason, by=by, now=now)
