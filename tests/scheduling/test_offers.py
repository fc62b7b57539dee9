"""R-7: ways out are offered, taken, declined, and end by themselves."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from engagements.choices import Condition
from engagements.services.gate import withdraw_condition
from psdelivery.history.models import Event
from psdelivery.outbox.models import Message
from psdelivery.people.choices import Role
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import complete_step
from psdelivery.registry import RuleRefused
from scheduling.choices import Hold, OfferKind, OfferState, RequestState
from scheduling.models import Allocation, CapacityDay, Offer, ResourceRequest
from scheduling.queries.matching import Wishes, matching_for
from scheduling.services.bookings import Change, change, release
from scheduling.services.offers import (
    accept_offer,
    agree_to_give_way,
    decline_all,
    decline_offer,
    expire_offers,
    keep_hold,
    offer_ways,
    take_offers_back,
)
from scheduling.services.placements import booked_now, placement_of
from scheduling.services.requests import withdraw_request
from tests.factories.people import UserFactory
from tests.factories.scheduling import MONDAY, NOW, booked, startable, workdays
from tests.scheduling.asking import (
    asked_for,
    asked_to_give_way,
    away,
    offered,
    office,
    way_of,
)
from tests.told import told_of

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=3)


@pytest.fixture
def cast():
    return office()


def state_of(asked):
    return ResourceRequest.objects.get(pk=asked.pk).state


def codes(refused):
    return [reason.code for reason in refused.value.reasons]


def soft_hours(person):
    rows = CapacityDay.objects.filter(person=person)
    return sum((row.soft for row in rows), Decimal())


def test_r7_what_is_offered_holds_its_days_and_gives_the_ball_to_who_asked(cast):
    asked = asked_for(cast)

    (offer,) = offered(asked, cast)

    asked = ResourceRequest.objects.get(pk=asked.pk)
    assert (asked.state, asked.ball_with) == (RequestState.OFFERED, "requester")
    (held,) = Allocation.objects.filter(offer=offer)
    assert (held.hold, held.person, held.hours) == (Hold.OFFER, cast.ann, 40)
    assert soft_hours(cast.ann) == 40
    assert asked.step.assignee == cast.pm
    assert asked.step.due_at == offer.expires_at
    # Mon 1 March: two business days on is Wednesday, until its end in Berlin.
    assert offer.expires_at.isoformat() == "2027-03-03T23:00:00+00:00"


def test_r7_an_offer_is_exempt_from_the_rule_of_the_stage(cast):
    asked = asked_for(cast, engagement=startable(opportunity_stage=1))

    (offer,) = offered(asked, cast)

    assert offer.state == OfferState.OPEN


def test_r7_at_most_three_are_offered_at_once(cast):
    people = [UserFactory(roles=[Role.PSE]) for _n in range(4)]
    asked = asked_for(cast)
    ways = [way_of(asked, one) for one in people]

    with pytest.raises(RuleRefused) as refused:
        offer_ways(asked, ways, by=cast.coordinator, now=NOW)

    assert codes(refused) == ["too-many"]
    assert not Offer.objects.exists()
    assert len(offer_ways(asked, ways[:3], by=cast.coordinator, now=NOW)) == 3


def test_r7_taking_one_books_it_and_releases_the_rest(cast):
    asked = asked_for(cast, booking="hard")
    first, second = offered(asked, cast, cast.ann, cast.bob)

    taken = accept_offer(first, by=cast.pm, now=LATER)

    assert taken.is_booked
    assert state_of(asked) == RequestState.BOOKED
    (booking,) = Allocation.objects.active().filter(request=asked)
    assert (booking.person, booking.hold, booking.hours) == (cast.ann, Hold.HARD, 40)
    assert (soft_hours(cast.ann), soft_hours(cast.bob)) == (0, 0)
    second.refresh_from_db()
    assert second.state == OfferState.RELEASED
    assert asked.engagement.team.filter(person=cast.ann).exists()


def test_a_soft_request_is_booked_softly_with_an_expiry_of_its_own(cast):
    asked = asked_for(cast)
    (offer,) = offered(asked, cast)

    accept_offer(offer, by=cast.pm, now=LATER)

    (booking,) = Allocation.objects.active().filter(request=asked)
    assert booking.hold == Hold.SOFT
    assert booking.expires_at == LATER + timedelta(days=14)


def test_r2_taking_one_after_the_signature_went_books_nothing(cast):
    asked = asked_for(cast, booking="hard")
    offer, _other = offered(asked, cast, cast.ann, cast.bob)
    withdraw_condition(
        asked.engagement,
        Condition.CUSTOMER_SIGNATURE,
        by=cast.coordinator,
        reason="Wrong person",
        now=NOW,
    )

    taken = accept_offer(offer, by=cast.pm, now=LATER)

    assert [one.code for one in taken.reasons] == [Condition.CUSTOMER_SIGNATURE]
    asked = ResourceRequest.objects.get(pk=asked.pk)
    assert (asked.state, asked.ball_with) == ("under_review", "coordination")
    assert not Allocation.objects.active().filter(request=asked).exists()
    assert set(Offer.objects.values_list("state", flat=True)) == {"released"}
    assert soft_hours(cast.ann) == soft_hours(cast.bob) == 0
    (mail,) = told_of("Could not be booked")
    assert "signature is not on file" in mail.text


def test_r6_of_two_who_hold_the_same_days_the_second_books_nothing(cast):
    one = asked_for(cast, booking="hard")
    other = asked_for(cast, booking="hard")
    (first,) = offered(one, cast)
    (second,) = offer_ways(other, [way_of(other, cast.ann)], by=cast.pm, now=NOW)

    assert accept_offer(first, by=cast.pm, now=LATER).is_booked
    taken = accept_offer(second, by=cast.pm, now=LATER)

    assert {reason.code for reason in taken.reasons} == {"overbooked"}
    assert (state_of(one), state_of(other)) == ("booked", "under_review")
    assert Allocation.objects.active().filter(person=cast.ann).count() == 1


def test_r6_a_split_is_booked_whole_or_not_at_all(cast):
    asked = asked_for(cast, booking="hard")
    days = workdays()
    first, second = dict(list(days.items())[:3]), dict(list(days.items())[3:])
    way = way_of(asked, (cast.ann, first), (cast.bob, second), kind=OfferKind.SPLIT)
    (offer,) = offer_ways(asked, [way], by=cast.coordinator, now=NOW)
    booked(cast.bob, days=second, hold=Hold.HARD)

    taken = accept_offer(offer, by=cast.pm, now=LATER)

    assert not taken.is_booked
    assert not Allocation.objects.active().filter(request=asked).exists()
    assert not Allocation.objects.active().filter(person=cast.ann).exists()


def test_a_split_becomes_two_bookings(cast):
    asked = asked_for(cast, booking="hard")
    days = workdays()
    first, second = dict(list(days.items())[:3]), dict(list(days.items())[3:])
    way = way_of(asked, (cast.ann, first), (cast.bob, second), kind=OfferKind.SPLIT)
    (offer,) = offer_ways(asked, [way], by=cast.coordinator, now=NOW)

    accept_offer(offer, by=cast.pm, now=LATER)

    rows = Allocation.objects.active().filter(request=asked).order_by("pk")
    assert [(one.person, one.hours) for one in rows] == [(cast.ann, 24), (cast.bob, 16)]


def test_r7_what_was_decided_is_not_decided_again(cast):
    asked = asked_for(cast)
    (offer,) = offered(asked, cast)
    accept_offer(offer, by=cast.pm, now=LATER)

    with pytest.raises(RuleRefused) as refused:
        accept_offer(offer, by=cast.pm, now=LATER)
    assert codes(refused) == ["decided"]
    with pytest.raises(RuleRefused) as refused:
        decline_offer(offer, "No", by=cast.pm, now=LATER)
    assert codes(refused) == ["decided"]


def test_r7_an_offer_cannot_be_taken_after_its_end(cast):
    asked = asked_for(cast)
    (offer,) = offered(asked, cast)

    with pytest.raises(RuleRefused) as refused:
        accept_offer(offer, by=cast.pm, now=offer.expires_at)

    assert codes(refused) == ["expired"]


def test_declining_one_leaves_the_others_and_the_last_gives_the_ball_back(cast):
    asked = asked_for(cast)
    first, second = offered(asked, cast, cast.ann, cast.bob)

    decline_offer(first, "She is too junior", by=cast.pm, now=LATER)
    assert state_of(asked) == RequestState.OFFERED
    assert (soft_hours(cast.ann), soft_hours(cast.bob)) == (0, 40)

    decline_offer(second, "Not him", by=cast.pm, now=LATER)
    assert state_of(asked) == RequestState.UNDER_REVIEW
    assert len(told_of("Declined")) == 2


def test_all_are_declined_in_one_action_with_a_reason(cast):
    asked = asked_for(cast)
    offered(asked, cast, cast.ann, cast.bob)

    with pytest.raises(RuleRefused):
        decline_all(asked, " ", by=cast.pm, now=LATER)
    decline_all(asked, "The customer moved it", by=cast.pm, now=LATER)

    assert state_of(asked) == RequestState.UNDER_REVIEW
    assert set(Offer.objects.values_list("state", flat=True)) == {"declined"}


def test_r7_what_was_declined_is_not_proposed_again_and_comes_last(cast):
    asked = asked_for(cast, person=cast.ann)
    away(cast.ann, MONDAY, MONDAY + timedelta(days=2))
    before = matching_for(asked, Wishes(), now=NOW).proposals
    kinds = [one.kind for one in before]
    assert kinds[0] == OfferKind.OTHER_PERSON
    (offer,) = offered(asked, cast, before[0])
    decline_offer(offer, "Only Ann knows them", by=cast.pm, now=LATER)

    after = matching_for(asked, Wishes(), now=NOW).proposals

    prints = [one.fingerprint for one in after]
    assert before[0].fingerprint not in prints
    assert after[0].kind != OfferKind.OTHER_PERSON


def test_r7_expired_offers_free_their_days_and_are_told_once(cast):
    asked = asked_for(cast)
    (offer,) = offered(asked, cast)

    assert expire_offers(offer.expires_at - timedelta(seconds=1)) == 0
    assert expire_offers(offer.expires_at) == 1
    assert expire_offers(offer.expires_at + timedelta(hours=1)) == 0

    assert state_of(asked) == RequestState.UNDER_REVIEW
    assert soft_hours(cast.ann) == 0
    held = Allocation.objects.get(offer=offer)
    assert (held.state, held.ended_by) == ("expired", None)
    wanted = [[cast.coordinator.email], [cast.pm.email]]
    assert sorted(one.to for one in told_of("Expired:")) == sorted(wanted)


def test_looking_for_what_expires_is_one_query_when_nothing_does(
    cast, django_assert_num_queries
):
    offered(asked_for(cast), cast)

    with django_assert_num_queries(1):
        expire_offers(NOW)


def test_a_coordinator_takes_offers_back(cast):
    asked = asked_for(cast)
    (offer,) = offered(asked, cast)

    take_offers_back(asked, "She is needed elsewhere", by=cast.coordinator, now=LATER)

    assert state_of(asked) == RequestState.UNDER_REVIEW
    with pytest.raises(RuleRefused):
        accept_offer(offer, by=cast.pm, now=LATER)
    assert told_of("No longer offered")


def test_withdrawing_the_request_frees_what_was_offered(cast):
    asked = asked_for(cast)
    offered(asked, cast)

    withdraw_request(asked, "Not needed", by=cast.pm, now=LATER)

    assert soft_hours(cast.ann) == 0
    assert Offer.objects.get().state == OfferState.RELEASED


def test_the_history_of_the_request_tells_all_of_it(cast):
    asked = asked_for(cast)
    first, _second = offered(asked, cast, cast.ann, cast.bob)
    accept_offer(first, by=cast.pm, now=LATER)

    verbs = Event.objects.filter(verb__startswith="offer-").order_by("pk")
    assert [one.verb for one in verbs] == [
        "offer-made",
        "offer-made",
        "offer-released",
        "offer-accepted",
    ]
    assert {one.engagement_id for one in verbs} == {asked.engagement_id}


@pytest.fixture
def displaced(cast):
    return asked_to_give_way(cast)


def test_r7_the_requester_of_a_soft_hold_is_asked_first(displaced):
    asked, offer, hold, other = displaced

    asked = ResourceRequest.objects.get(pk=asked.pk)
    assert (offer.state, asked.state) == (OfferState.ASKING, "under_review")
    assert (offer.step.assignee, offer.displaces) == (other, hold)
    # Within the clock in which the request itself is answered.
    assert offer.expires_at == offer.step.due_at == asked.answer_due_at
    assert Message.objects.filter(subject__contains="give way").count() == 1


def test_r7_a_hold_that_may_give_way_becomes_offered_and_goes_when_taken(
    displaced, cast
):
    asked, offer, hold, other = displaced

    agree_to_give_way(offer, by=other, now=LATER)

    hold.refresh_from_db()
    assert (hold.hours, state_of(asked)) == (48, RequestState.OFFERED)
    offer.refresh_from_db()
    assert not Step.objects.open().filter(pk=offer.step_id).exists()

    assert accept_offer(offer, by=cast.pm, now=LATER).is_booked
    hold.refresh_from_db()
    # Five of its six days go, the last one stays.
    assert (hold.is_active, hold.hours) == (True, 8)
    assert list(hold.days.values_list("day", flat=True)) == [MONDAY + timedelta(7)]


def test_r7_a_hold_that_stays_is_not_asked_for_again(displaced, cast):
    asked, offer, hold, other = displaced

    keep_hold(offer, "The customer has been told", by=other, now=LATER)

    offer.refresh_from_db()
    assert (offer.state, state_of(asked)) == (OfferState.DECLINED, "under_review")
    found = matching_for(asked, Wishes(), now=NOW).proposals
    assert OfferKind.DISPLACE not in {one.kind for one in found}
    assert told_of("It does not give way")


def test_r7_a_question_that_nobody_answers_is_gone(displaced):
    asked, offer, _hold, _other = displaced

    expire_offers(offer.expires_at)

    offer.refresh_from_db()
    assert (offer.state, state_of(asked)) == (OfferState.EXPIRED, "under_review")
    assert not Step.objects.open().filter(pk=offer.step_id).exists()


def test_r7_a_question_is_answered_and_not_ticked(displaced):
    _asked, offer, _hold, other = displaced

    with pytest.raises(RuleRefused) as refused:
        complete_step(offer.step, Completion(), by=other, now=LATER)

    assert codes(refused) == ["offer-waits"]


def test_a_hold_that_ended_meanwhile_is_in_nobodys_way(displaced, cast):
    _asked, offer, hold, other = displaced
    agree_to_give_way(offer, by=other, now=LATER)
    release(hold, Change(reason="Not needed"), by=other, now=LATER)

    assert accept_offer(offer, by=cast.pm, now=LATER).is_booked


def test_a_hold_that_became_hard_meanwhile_stays(displaced, cast):
    asked, offer, hold, other = displaced
    agree_to_give_way(offer, by=other, now=LATER)
    hard = replace(booked_now(hold), hold=Hold.HARD)
    change(hold, placement_of(hold, hard), Change(), by=other, now=LATER)

    taken = accept_offer(offer, by=cast.pm, now=LATER)

    assert {one.code for one in taken.reasons} == {"overbooked"}
    hold.refresh_from_db()
    assert (hold.is_active, hold.hours) == (True, 48)


def test_nobody_is_asked_about_their_own_soft_hold(cast):
    booked(cast.ann, by=cast.pm)
    asked = asked_for(cast, person=cast.ann, booking="hard")
    found = matching_for(asked, Wishes(), now=NOW)
    (proposal,) = [one for one in found.proposals if one.kind == OfferKind.DISPLACE]

    (offer,) = offered(asked, cast, proposal)

    assert offer.state == OfferState.OPEN


def test_a_request_to_change_a_booking_changes_it(cast):
    engagement = startable()
    booking = booked(cast.ann, engagement, hold=Hold.HARD, by=cast.coordinator)
    asked = asked_for(
        cast,
        engagement=engagement,
        kind="change",
        allocation=booking,
        booking="hard",
        ranges=[(MONDAY + timedelta(7), MONDAY + timedelta(11))],
        cause="customer",
    )
    (offer,) = offered(asked, cast)

    assert accept_offer(offer, by=cast.pm, now=LATER).is_booked

    (now,) = Allocation.objects.active().filter(engagement=engagement)
    assert (now.pk, now.starts_on) == (booking.pk, MONDAY + timedelta(7))
