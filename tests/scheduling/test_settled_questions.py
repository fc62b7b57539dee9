"""R-7: a soft hold that ends, or becomes hard, while it is asked to give way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from psdelivery.history.models import Event
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from scheduling.choices import OfferState, RequestState
from scheduling.models import Allocation, ResourceRequest
from scheduling.services.bookings import Change, change, release
from scheduling.services.expiry import look_at_holds
from scheduling.services.offers import accept_offer, settle_questions
from scheduling.services.placements import booked_now, placement_of
from tests.factories.scheduling import NOW
from tests.scheduling.asking import asked_to_give_way, office
from tests.told import told_of

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=3)


@pytest.fixture
def cast():
    return office()


@pytest.fixture
def displaced(cast):
    return asked_to_give_way(cast)


def state_of(asked):
    return ResourceRequest.objects.get(pk=asked.pk).state


@pytest.mark.parametrize("end", ["expired", "released"])
def test_r7_a_hold_that_ends_while_it_is_asked_for_is_not_asked_any_more(
    displaced, cast, end
):
    asked, offer, hold, other = displaced
    if end == "expired":
        Allocation.objects.filter(pk=hold.pk).update(expires_at=LATER)
        look_at_holds(LATER)
    else:
        release(hold, Change(reason="Not needed"), by=other, now=LATER)

    assert settle_questions(LATER) == 1
    assert settle_questions(LATER) == 0

    offer.refresh_from_db()
    assert (offer.state, state_of(asked)) == (OfferState.OPEN, RequestState.OFFERED)
    assert offer.expires_at > LATER
    assert Step.objects.get(pk=offer.step_id).state == StepState.CANCELLED
    assert len(told_of("Offered to you")) == len(told_of("It may give way")) == 1
    verbs = Event.objects.filter(verb="offer-unasked")
    assert [one.actor for one in verbs] == [None]
    assert accept_offer(offer, by=cast.pm, now=LATER).is_booked


def test_r7_a_hold_that_became_hard_while_it_is_asked_for_stays(displaced, cast):
    asked, offer, hold, _other = displaced
    wanted = placement_of(hold, booked_now(hold))
    change(hold, replace(wanted, hold="hard"), Change(), by=cast.coordinator, now=LATER)

    assert settle_questions(LATER) == 1

    offer.refresh_from_db()
    assert (offer.state, state_of(asked)) == (OfferState.RELEASED, "under_review")
    assert Step.objects.get(pk=offer.step_id).state == StepState.CANCELLED
    (mail,) = told_of("It does not give way")
    assert mail.to == [cast.coordinator.email]
    assert "hard booking" in mail.text


def test_a_look_for_settled_questions_is_one_query_where_holds_stand(
    displaced, django_assert_num_queries
):
    with django_assert_num_queries(1):
        assert settle_questions(LATER) == 0
