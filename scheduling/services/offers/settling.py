"""R-7: a soft hold that ends while it is asked for: nobody has to be asked any more."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from engagements.services.approvals import drop_question
from psdelivery.people.services.changes import one_transaction
from scheduling.choices import AllocationState, Hold, OfferState
from scheduling.models import Allocation, Offer, ResourceRequest
from scheduling.services.offers.giving_way import (
    give_to_requester,
    locked_offer,
    open_offer,
)
from scheduling.services.offers.holding import (
    free,
    lock_offers,
    lock_what_is_held,
    tell_history,
)
from scheduling.services.offers.news import tell_of_agreement, tell_of_keeping
from scheduling.services.requests import lock_request

# So many at each look; what is left waits for the next one.
LIMIT = 200


def settle_questions(now: datetime, limit: int = LIMIT) -> int:
    """R-7: answer the questions about holds that are none any more; return how many.

    A look and no reaction: who ends a hold has its days locked, and a request is
    locked before days. One query where there are none; each is one transaction.
    """
    stands = Q(displaces__state=AllocationState.ACTIVE, displaces__hold=Hold.SOFT)
    asking = Offer.objects.filter(state=OfferState.ASKING, expires_at__gt=now)
    found = asking.exclude(stands)
    ids = found.order_by("pk").values_list("pk", "request_id")
    return sum(settle_question(*one, now) for one in ids[:limit])


def settle_question(pk: int, request_id: int, now: datetime) -> bool:
    """Offer what the hold left free, or free it where the hold is hard by now."""
    with one_transaction():
        stored = lock_request(ResourceRequest(pk=request_id))
        offer = locked_offer(Offer(pk=pk), lock_offers(stored))
        if offer.state != OfferState.ASKING or offer.displaces_id is None:
            return False
        lock_what_is_held(stored, [])
        hold = Allocation.objects.get(pk=offer.displaces_id)
        if hold.is_active:
            offer.decline_reason = _("The soft hold is a hard booking now.")
            free(offer, OfferState.RELEASED, offer.decline_reason, by=None, now=now)
            tell_of_keeping(stored, offer, by=None, now=now)
            return True
        open_offer(offer, now=now)
        drop_question(offer.step, now=now)
        tell_history(offer, "offer-unasked", by=None, now=now)
        give_to_requester(stored, offer, by=None, now=now)
        tell_of_agreement(stored, offer, by=None, now=now)
        return True
