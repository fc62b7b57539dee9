"""Offers that nobody decided on, that were taken back, or that nobody needs (R-7)."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from psdelivery.people.models import User
from psdelivery.people.services.changes import one_transaction
from psdelivery.registry import Reason, refuse
from scheduling.choices import (
    ENDED_REQUEST_STATES,
    OfferState,
    RequestState,
)
from scheduling.models import Offer, ResourceRequest
from scheduling.rules.offers import reasons_without_words, waits
from scheduling.services.offers.choosing import to_review
from scheduling.services.offers.holding import free, lock_offers, lock_what_is_held
from scheduling.services.offers.news import tell_of_end, tell_of_taking_back
from scheduling.services.requests import lock_request

# So many requests at each look; what is left waits for the next one.
LIMIT = 200


def expire_offers(now: datetime, limit: int = LIMIT) -> int:
    """R-7: let offers end whose time is over; return how many did.

    One query where there are none. Each request is a transaction of its own.
    """
    ids = (
        Offer.objects.ended(now)
        .order_by("expires_at")
        .values_list("request_id", flat=True)
    )
    found = dict.fromkeys(ids[:limit])
    return sum(expire_offers_of(pk, now) for pk in found)


def expire_offers_of(pk: int, now: datetime) -> int:
    """Let the offers of one request end; requester and coordinator are told once."""
    with one_transaction():
        stored = lock_request(ResourceRequest(pk=pk))
        ended = [one for one in lock_offers(stored) if one.expires_at <= now]
        if not ended:
            return 0
        were_open = bool(waits(ended))
        lock_what_is_held(stored, [])
        for offer in ended:
            words = _("Nobody decided in time.")
            free(offer, OfferState.EXPIRED, words, by=None, now=now)
        is_over = stored.state == RequestState.OFFERED and not waits(
            lock_offers(stored)
        )
        if is_over:
            to_review(stored, _("What was offered has expired."), by=None, now=now)
        tell_of_end(stored, ended, were_open=were_open, now=now)
        return len(ended)


def take_offers_back(
    asked: ResourceRequest, reason: str, *, by: User, now: datetime
) -> Sequence[Offer]:
    """Take back what coordination offered or asked for; the request is under review."""
    refuse(reasons_without_words(reason))
    with one_transaction():
        stored = lock_request(asked)
        found = lock_offers(stored)
        if not found:
            sentence = _("Nothing is offered any more.")
            refuse([Reason("decided", sentence, stored.get_absolute_url())])
        free_all(stored, found, reason, by=by, now=now)
        if stored.state == RequestState.OFFERED:
            to_review(stored, reason, by=by, now=now)
            tell_of_taking_back(stored, found, reason, by=by, now=now)
        return found


def free_all(
    stored: ResourceRequest,
    offers: Sequence[Offer],
    reason: str,
    *,
    by: User | None,
    now: datetime,
) -> None:
    """Free what is offered of a locked request."""
    lock_what_is_held(stored, [])
    for offer in offers:
        free(offer, OfferState.RELEASED, reason, by=by, now=now)


def follow_request(
    stored: ResourceRequest, reason: str, *, by: User | None, now: datetime
) -> None:
    """Free what nobody needs after a move of the request.

    Under review again, a question to the requester of a soft hold still stands; once
    the request has ended, nothing does.
    """
    offers = lock_offers(stored)
    if stored.state == RequestState.UNDER_REVIEW:
        offers = list(waits(offers))
    elif stored.state not in ENDED_REQUEST_STATES:
        return
    if offers:
        words = reason or stored.get_state_display()
        free_all(stored, offers, words, by=by, now=now)
