"""Offers of requests, and questions to the requesters of soft holds."""

from datetime import timedelta

from engagements.choices import ForecastCategory
from scheduling.choices import OfferKind, OfferState, RequestState
from scheduling.models import Offer
from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.people import UserFactory
from tests.factories.scheduling import NOW, asked_for, booked


def _requests(cast, state):
    def make(engagement):
        return asked_for(engagement, requested_by=UserFactory(), state=state)

    near = near_and_far(cast, make)
    near["own"].requested_by = cast.actor
    near["own"].save()
    return near


def _offer(asked, **fields):
    return Offer.objects.create(
        request=asked,
        **{
            "kind": OfferKind.AS_ASKED,
            "rank": 1,
            "title": "Somebody",
            "reason": "Free",
            "fingerprint": "1",
            "offered_by": UserFactory(),
            "offered_at": NOW,
            "expires_at": NOW + timedelta(days=2),
            **fields,
        },
    )


def _request(state):
    def sample(cast):
        near = _requests(cast, state)
        return Sample(**{name: {"pk": asked.pk} for name, asked in near.items()})

    return sample


def _offered(cast):
    near = _requests(cast, RequestState.OFFERED)
    return Sample(**{name: {"pk": _offer(asked).pk} for name, asked in near.items()})


def _question(cast):
    """The soft hold of an engagement is asked to give way to a foreign request."""

    def make(engagement):
        engagement.opportunity_stage = 5
        engagement.forecast_category = ForecastCategory.COMMIT
        engagement.save()
        asked = asked_for(state=RequestState.UNDER_REVIEW)
        return _offer(
            asked,
            kind=OfferKind.DISPLACE,
            state=OfferState.ASKING,
            displaces=booked(engagement=engagement, by=UserFactory()),
        )

    near = near_and_far(cast, make)
    hold = near["own"].displaces
    hold.placed_by = cast.actor
    hold.save()
    return Sample(**{name: {"pk": offer.pk} for name, offer in near.items()})


SAMPLES = {
    "scheduling:request-candidates": _request(RequestState.UNDER_REVIEW),
    "scheduling:request-offer": _request(RequestState.UNDER_REVIEW),
    "scheduling:request-decline": _request(RequestState.OFFERED),
    "scheduling:request-take-back": _request(RequestState.OFFERED),
    "scheduling:offer-detail": _offered,
    "scheduling:offer-accept": _offered,
    "scheduling:offer-decline": _offered,
    "scheduling:offer-displace-agree": _question,
    "scheduling:offer-displace-refuse": _question,
}
