"""Which offers a person reads and decides on."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from engagements.access import may
from psdelivery.access import Action
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.queries import owned_by
from scheduling.access import may_with_request, visible_requests
from scheduling.models import Allocation, Offer
from scheduling.services.offers.giving_way import asked_person

OFFER_NEEDS = (
    "request__engagement__customer",
    "request__requested_by",
    "request__step",
    "offered_by",
    "decided_by",
    "step",
    "displaces__engagement__customer",
    "displaces__request__requested_by",
    "displaces__placed_by",
    "displaces__person",
)


def sees_offer(user: User, offer: Offer) -> bool:
    """Tell whether somebody may read an offer: with its request, or when asked."""
    if visible_requests(user).filter(pk=offer.request_id).exists():
        return True
    return may_give_way(user, offer)


def may_give_way(user: User, offer: Offer) -> bool:
    """Tell whether somebody answers for the soft hold that an offer would displace.

    Its requester, whoever stands in for them (R-23), and who may ask for people on
    its engagement.
    """
    hold = offer.displaces
    if hold is None:
        return False
    return (
        asked_person(hold) == user
        or owns_step(user, offer.step)
        or may_ask_for(user, hold)
    )


def may_ask_for(user: User, hold: Allocation) -> bool:
    """Tell whether somebody may ask for people where a booking is."""
    if hold.request is not None:
        return may_with_request(user, hold.request, Action.RESOURCE_REQUEST)
    engagement = hold.engagement
    return engagement is not None and may(user, Action.RESOURCE_REQUEST, engagement)


def owns_step(user: User, step: Step | None) -> bool:
    """Tell whether a step is somebody's, by pool or by standing in too."""
    return (
        step is not None
        and Step.objects.filter(pk=step.pk).filter(owned_by(user)).exists()
    )


def get_offer(request: SignedInRequest, pk: int) -> Offer:
    """Load an offer that the person may read; else Http404."""
    offer = Offer.objects.select_related(*OFFER_NEEDS).filter(pk=pk).first()
    if offer is None or not sees_offer(request.user, offer):
        raise Http404(_("There is no such offer."))
    return offer


def get_choice(request: SignedInRequest, pk: int) -> Offer:
    """Load an offer that the person may take or decline; PermissionDenied if not."""
    offer = get_offer(request, pk)
    user, asked = request.user, offer.request
    chooses = may_with_request(user, asked, Action.RESOURCE_REQUEST)
    if not chooses and not owns_step(user, asked.step):
        raise PermissionDenied(_("Your role does not include this."))
    return offer


def get_question(request: SignedInRequest, pk: int) -> Offer:
    """Load an offer whose soft hold the person answers for; PermissionDenied if not."""
    offer = get_offer(request, pk)
    if not may_give_way(request.user, offer):
        raise PermissionDenied(_("Your role does not include this."))
    return offer
