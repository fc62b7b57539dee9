"""R-6, R-7 when several people decide about offers at the same time."""

from collections import Counter

import pytest

from psdelivery.registry import RuleRefused
from scheduling.choices import Hold, OfferState
from scheduling.models import Allocation, Offer, ResourceRequest
from scheduling.services.offers import (
    accept_offer,
    decline_all,
    expire_offers,
    offer_ways,
    take_offers_back,
)
from tests.factories.scheduling import NOW
from tests.scheduling.asking import asked_for, offered, office, way_of
from tests.scheduling.test_capacity_together import (
    counted_wrongly,
    overbooked_by_the_bookings,
)
from tests.together import at_once, elsewhere, move_to_disk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    return office()


def outcome_of(act):
    """What became of it: "booked", "stands against it", or the code of the refusal."""
    try:
        done = act()
    except RuleRefused as refused:
        return refused.reasons[0].code
    if hasattr(done, "is_booked"):
        return "booked" if done.is_booked else done.reasons[0].code
    return "done"


def states():
    return sorted(Offer.objects.values_list("state", flat=True))


def nothing_is_wrong():
    """Nobody is overbooked, sums are right, and no hold of an offer is left over."""
    left = Allocation.objects.active().filter(hold=Hold.OFFER)
    waiting = Offer.objects.waiting()
    return (
        overbooked_by_the_bookings(),
        counted_wrongly(),
        left.exclude(offer__in=waiting).count(),
    ) == ([], [], 0)


def test_r6_two_requesters_take_the_same_person_and_one_is_booked(
    tmp_path, monkeypatch, cast
):
    requests = [asked_for(cast, booking="hard") for _n in range(2)]
    offers = [
        offer_ways(one, [way_of(one, cast.ann)], by=cast.coordinator, now=NOW)[0]
        for one in requests
    ]
    move_to_disk(tmp_path, monkeypatch)

    found = at_once(
        lambda n: outcome_of(lambda: accept_offer(offers[n], by=cast.pm, now=NOW)), 2
    )

    assert sorted(found) == ["booked", "overbooked"]
    states_now = elsewhere(
        lambda: sorted(ResourceRequest.objects.values_list("state", flat=True))
    )
    assert states_now == ["booked", "under_review"]
    assert elsewhere(nothing_is_wrong)


def test_r7_two_offers_of_one_request_are_taken_and_one_is_booked(
    tmp_path, monkeypatch, cast
):
    asked = asked_for(cast, booking="hard")
    offers = offered(asked, cast, cast.ann, cast.bob)
    move_to_disk(tmp_path, monkeypatch)

    found = at_once(
        lambda n: outcome_of(lambda: accept_offer(offers[n], by=cast.pm, now=NOW)), 2
    )

    assert Counter(found) == {"booked": 1, "decided": 1}
    assert elsewhere(states) == ["accepted", "released"]
    assert elsewhere(nothing_is_wrong)


@pytest.mark.parametrize("other", ["take back", "decline", "expire"])
def test_r7_an_offer_that_is_taken_while_it_ends_is_either(
    tmp_path, monkeypatch, cast, other
):
    asked = asked_for(cast, booking="hard")
    offer, _second = offered(asked, cast, cast.ann, cast.bob)
    ends = {
        "take back": lambda: take_offers_back(
            asked, "Needed elsewhere", by=cast.coordinator, now=NOW
        ),
        "decline": lambda: decline_all(asked, "None", by=cast.pm, now=NOW),
        "expire": lambda: expire_offers(offer.expires_at),
    }
    move_to_disk(tmp_path, monkeypatch)

    acts = [lambda: accept_offer(offer, by=cast.pm, now=NOW), ends[other]]
    taken, _ended = at_once(lambda n: outcome_of(acts[n]), 2)

    asked_now = elsewhere(lambda: ResourceRequest.objects.get().state)
    if taken == "booked":
        assert asked_now == "booked"
        assert elsewhere(states) == [OfferState.ACCEPTED, OfferState.RELEASED]
    else:
        assert taken == "decided"
        assert asked_now == "under_review"
        hard = Allocation.objects.active().filter(hold=Hold.HARD)
        assert elsewhere(hard.count) == 0
    assert elsewhere(nothing_is_wrong)


def test_r7_two_coordinators_offer_at_once_and_one_is_told(tmp_path, monkeypatch, cast):
    asked = asked_for(cast, booking="hard")
    people = [cast.ann, cast.bob]
    move_to_disk(tmp_path, monkeypatch)

    found = at_once(
        lambda n: outcome_of(
            lambda: offer_ways(
                asked,
                [way_of(asked, people[n])],
                version=asked.version,
                by=cast.coordinator,
                now=NOW,
            )
        ),
        2,
    )

    assert Counter(found) == {"done": 1, "stale": 1}
    assert elsewhere(Offer.objects.count) == 1
    assert elsewhere(nothing_is_wrong)


@pytest.mark.parametrize("rounds", [2, pytest.param(8, marks=pytest.mark.full)])
def test_r6_many_requests_for_the_same_two_people_never_overbook(
    tmp_path, monkeypatch, cast, rounds
):
    # Offered crosswise, so that who locks in the order of the offers waits in a circle.
    pairs = [(cast.ann, cast.bob), (cast.bob, cast.ann)]
    requests = [
        [asked_for(cast, booking="hard") for _n in range(rounds)]
        for _client in range(4)
    ]
    move_to_disk(tmp_path, monkeypatch)

    def take_the_first(asked, people):
        ways = [way_of(asked, one) for one in people]
        offers = offer_ways(asked, ways, by=cast.coordinator, now=NOW)
        return outcome_of(lambda: accept_offer(offers[0], by=cast.pm, now=NOW))

    def client(n):
        return [take_the_first(asked, pairs[n % 2]) for asked in requests[n]]

    found = Counter(code for one in at_once(client, 4) for code in one)

    assert found == {"booked": 2, "overbooked": 4 * rounds - 2}
    assert elsewhere(nothing_is_wrong)
