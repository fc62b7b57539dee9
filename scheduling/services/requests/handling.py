"""Book what was asked for: the request, its bookings and the news, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.people.services.changes import one_transaction
from psdelivery.registry import refuse
from scheduling.choices import RequestState
from scheduling.models import Allocation, Partner, ResourceRequest
from scheduling.rules.requests import reasons_against_handling
from scheduling.services.bookings import Change, Placement, change, place, release
from scheduling.services.requests.moving import (
    Next,
    decided,
    lock_request,
    under_review,
)
from scheduling.services.requests.news import tell_of_end


@dataclass(frozen=True, kw_only=True)
class PartnerTerms:
    """The terms on which a company lends somebody (practice.md, section 3)."""

    company: str
    authorisation_url: str
    amount: Decimal
    currency: str
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class Order:
    """A booking that a coordinator makes, with the terms where a partner lends."""

    wanted: Placement
    partner: PartnerTerms | None = None


def book_request(
    asked: ResourceRequest,
    orders: Sequence[Order],
    *,
    version: int | None = None,
    by: User,
    now: datetime,
) -> list[Allocation]:
    """Book what a request asks for; raises RuleRefused, and then nothing is booked."""
    with one_transaction():
        stored = opened(asked, version, by=by, now=now)
        booked = [
            carry_out(
                replace(one, wanted=replace(one.wanted, request=stored)), by=by, now=now
            )
            for one in orders
        ]
        mark_booked(stored, by=by, now=now)
        return booked


def apply_change(
    asked: ResourceRequest,
    order: Order,
    why: Change,
    *,
    version: int | None = None,
    by: User,
    now: datetime,
) -> Allocation:
    """Change the booking that a request is about, and end the request with it."""
    with one_transaction():
        stored = opened(asked, version, by=by, now=now)
        changed = change_directly(booking_of(stored), order, why, by=by, now=now)
        mark_booked(stored, by=by, now=now)
        return changed


def apply_release(
    asked: ResourceRequest,
    why: Change,
    *,
    from_day: date | None = None,
    version: int | None = None,
    by: User,
    now: datetime,
) -> Allocation:
    """Release the booking that a request is about, and end the request with it."""
    with one_transaction():
        stored = opened(asked, version, by=by, now=now)
        booking = booking_of(stored)
        released = release(booking, why, from_day=from_day, by=by, now=now)
        mark_booked(stored, by=by, now=now)
        return released


def book_directly(order: Order, *, by: User, reason: str, now: datetime) -> Allocation:
    """Book without a request, by a coordinator who records the reason."""
    with one_transaction():
        return carry_out(order, by=by, reason=reason, now=now)


def change_directly(
    booking: Allocation, order: Order, why: Change, *, by: User, now: datetime
) -> Allocation:
    """Change a booking without a request, by a coordinator who records the reason."""
    with one_transaction():
        wanted = with_partner(order)
        changed = change(booking, wanted, why, by=by, now=now)
        tell_terms(changed, order.partner, by=by, now=now)
        return changed


def opened(
    asked: ResourceRequest, version: int | None, *, by: User, now: datetime
) -> ResourceRequest:
    """Return the locked request, under review; it is where it can be booked."""
    stored = lock_request(asked, version)
    refuse(reasons_against_handling(stored, RequestState.BOOKED))
    return under_review(stored, by=by, now=now)


def mark_booked(
    stored: ResourceRequest, *, note: str = "", by: User, now: datetime
) -> ResourceRequest:
    """End a locked request as booked, and tell who asked."""
    decided(stored, Next(state=RequestState.BOOKED, note=note), by=by, now=now)
    tell_of_end(stored, by=by, now=now)
    return stored


def booking_of(stored: ResourceRequest) -> Allocation:
    """Return the booking that a request is about; a constraint says it has one."""
    booking = stored.allocation
    assert booking is not None, "a change names its booking"  # noqa: S101 (types)
    return booking


def carry_out(order: Order, *, by: User, reason: str = "", now: datetime) -> Allocation:
    """Book, with the partner's terms kept where there are any."""
    booked = place(with_partner(order), by=by, reason=reason, now=now)
    tell_terms(booked, order.partner, by=by, now=now)
    return booked


def with_partner(order: Order) -> Placement:
    """Return what is wanted, with the partner stored who lends somebody."""
    if order.partner is None:
        return order.wanted
    lender = Partner.objects.create(**vars(order.partner))
    return replace(order.wanted, partner=lender)


def tell_terms(
    booking: Allocation, partner: PartnerTerms | None, *, by: User, now: datetime
) -> None:
    """Write the amount into the history, for those who may see money."""
    if partner is None:
        return
    record(
        "partner-agreed",
        by=by,
        subject=booking,
        engagement=booking.engagement,
        changes={"amount": (None, f"{partner.amount} {partner.currency}")},
        money=True,
        now=now,
    )
