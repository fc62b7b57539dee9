"""What all that is done with offers has in common: locks, freeing, history."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q

from engagements.services.approvals import close_question, drop_question
from engagements.services.gate import lock_engagement
from psdelivery.history.services import record
from psdelivery.people.models import User
from scheduling.choices import AllocationState, OfferState
from scheduling.models import Allocation, AllocationDay, Offer, ResourceRequest
from scheduling.rules.offers import REASON_LENGTH
from scheduling.services.bookings import Change, release
from scheduling.services.capacity import Key, lock_days

ALLOCATION_STATES = {OfferState.EXPIRED: AllocationState.EXPIRED}


def lock_offers(stored: ResourceRequest) -> list[Offer]:
    """Return the offers of a locked request that wait for somebody, locked."""
    rows = (
        Offer.objects.waiting().filter(request=stored).select_for_update(of=("self",))
    )
    found = list(rows.select_related("displaces", "step").order_by("pk"))
    for offer in found:
        offer.request = stored
    return found


def lock_what_is_held(
    stored: ResourceRequest, more: Collection[Allocation], keys: Iterable[Key] = ()
) -> None:
    """Lock engagement, bookings and days that a decision about offers may change.

    All at once and in one order: two who decide at the same time wait for each other
    and never in a circle.
    """
    if stored.engagement is not None:
        lock_engagement(stored.engagement)
    mine = Q(offer__request=stored) | Q(pk__in=[one.pk for one in more])
    rows = Allocation.objects.active().filter(mine)
    ids = [
        one.pk for one in rows.select_for_update(of=("self",)).order_by("pk").only("pk")
    ]
    days = AllocationDay.objects.filter(allocation__in=ids, person__isnull=False)
    found = {(pk, day) for pk, day in days.values_list("person_id", "day") if pk}
    lock_days(found | set(keys))


def held_by(offer: Offer) -> list[Allocation]:
    """Return the bookings that hold the days of an offer."""
    rows = Allocation.objects.active().filter(offer=offer)
    return list(rows.select_related("person", "engagement__customer").order_by("pk"))


def free(
    offer: Offer, state: str, reason: str, *, by: User | None, now: datetime
) -> None:
    """Let an offer end in a state; its days are free, its question is closed."""
    was_asking = offer.state == OfferState.ASKING
    offer.state, offer.decided_by, offer.decided_at = state, by, now
    if state == OfferState.DECLINED:
        offer.decline_reason = reason[:REASON_LENGTH]
    offer.save()
    for allocation in held_by(offer):
        release(
            allocation,
            Change(reason=reason),
            state=ALLOCATION_STATES.get(OfferState(state), AllocationState.RELEASED),
            by=by,
            now=now,
        )
    if was_asking and state == OfferState.DECLINED:
        close_question(offer.step, reason, by=by, now=now)
    else:
        drop_question(offer.step, now=now)
    tell_history(offer, f"offer-{state}", reason, by=by, now=now)


def tell_history(
    offer: Offer, verb: str, reason: str = "", *, by: User | None, now: datetime
) -> None:
    """Write what was done with an offer into the history of its request."""
    record(
        verb,
        by=by,
        subject=offer.request,
        engagement=offer.request.engagement,
        changes={"offer": (None, offer.title)},
        reason=reason,
        now=now,
    )
