"""Candidates, ways out and offers as coordinators and requesters meet them."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from psdelivery.people.choices import Role
from scheduling.choices import Hold, OfferKind, OfferState, RequestState
from scheduling.models import Allocation, Offer, ResourceRequest
from scheduling.queries.matching import Wishes, matching_for
from tests.factories.people import (
    PersonSkillFactory,
    RegionFactory,
    SkillFactory,
    UserFactory,
)
from tests.factories.scheduling import MONDAY, NOW, booked, workdays
from tests.scheduling.asking import asked_for, away, offered, office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def cast():
    return office()


@pytest.fixture
def asked(cast):
    return asked_for(cast)


def url(name, record):
    return reverse(f"scheduling:{name}", args=[record.pk])


def text_of(response):
    return " ".join(response.content.decode().split())


def test_the_page_of_a_request_shows_who_could_do_it_and_why(client, cast):
    skill = SkillFactory(name="GitLab CI")
    boss = UserFactory()
    PersonSkillFactory(
        person=cast.ann,
        skill=skill,
        level=4,
        confirmed_by=boss,
        confirmed_on=NOW.date(),
        wants_to_grow=True,
    )
    asked = asked_for(cast, skills=[(skill, 3)])
    client.force_login(cast.coordinator)

    shown = text_of(client.get(asked.get_absolute_url()))

    assert "Ann Graf" in shown
    assert "Bob Graf" not in shown
    assert "5 of 5 days free" in shown
    assert "GitLab CI: level 4, leads and teaches" in shown
    assert "wants to grow into GitLab CI" in shown


def test_who_asks_does_not_see_the_candidates(client, cast, asked):
    client.force_login(cast.pm)

    shown = text_of(client.get(asked.get_absolute_url()))

    assert "Who could do it" not in shown
    assert client.get(url("request-candidates", asked)).status_code == 403


def test_filters_stand_in_the_address(client, cast, asked):
    region = RegionFactory()
    cast.bob.region = region
    cast.bob.save()
    client.force_login(cast.coordinator)

    page = url("request-candidates", asked)
    shown = text_of(client.get(f"{page}?region={region.pk}"))

    assert "Bob Graf" in shown
    assert "Ann Graf" not in shown
    assert f"{url('request-offer', asked)}?region={region.pk}" in shown


def test_a_filter_that_is_none_is_told(client, cast, asked):
    client.force_login(cast.coordinator)

    page = url("request-candidates", asked)

    assert client.get(f"{page}?overlap=9").status_code == 422
    assert client.get(f"{page}?region=999999").status_code == 422


def test_the_conflict_says_who_when_and_what(client, cast):
    asked = asked_for(cast, person=cast.ann, booking="hard")
    away(cast.ann, MONDAY, MONDAY + timedelta(days=1))
    other = booked(
        cast.ann,
        days=workdays(MONDAY + timedelta(days=3), 1),
        hold=Hold.HARD,
        by=cast.coordinator,
    )
    client.force_login(cast.coordinator)

    shown = text_of(client.get(asked.get_absolute_url()))

    assert "Ann Graf: 2 of 5 days free" in shown
    assert "Mon 15 Mar 2027 – Tue 16 Mar 2027</strong>: away" in shown
    assert f"hard, 8 hours for {other.engagement}, Carla" in shown
    assert "Ways out, the best first" in shown


def ticked(asked, *keys, **data):
    return {"way": list(keys), "version": asked.version, **data}


def test_a_candidate_is_offered_by_a_tick(client, cast, asked):
    client.force_login(cast.coordinator)

    answer = client.post(url("request-offer", asked), ticked(asked, f"p{cast.ann.pk}"))

    assert (answer.status_code, answer.url) == (302, asked.get_absolute_url())
    offer = Offer.objects.get()
    assert (offer.request, offer.title) == (
        asked,
        "Ann Graf, Mon 15 Mar 2027 – Fri 19 Mar 2027",
    )
    shown = text_of(client.get(asked.get_absolute_url()))
    assert "Take them back" in shown


def test_ways_out_are_offered_in_one_action(client, cast):
    asked = asked_for(cast, person=cast.ann, booking="hard")
    away(cast.ann, MONDAY, MONDAY + timedelta(days=1))
    found = matching_for(asked, Wishes(), now=NOW).proposals
    keys = [one.fingerprint for one in found[:3]]
    client.force_login(cast.coordinator)

    client.post(url("request-offer", asked), ticked(asked, *keys))

    rows = Offer.objects.order_by("rank")
    assert [one.fingerprint for one in rows] == keys
    assert all(one.reason and one.effect for one in rows)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ([], "Choose what to offer."),
        (["p999999"], "is not free any more"),
        (["nothing"], "is not free any more"),
        (["p\u0000", "'; drop"], "is not free any more"),
    ],
)
def test_what_cannot_be_offered_is_told_and_nothing_is_held(
    client, cast, asked, keys, words
):
    client.force_login(cast.coordinator)

    answer = client.post(url("request-offer", asked), ticked(asked, *keys))

    assert answer.status_code == 409
    assert words in text_of(answer)
    assert not Offer.objects.exists()


def test_more_than_three_are_refused_and_the_ticks_are_kept(client, cast, asked):
    people = [UserFactory(roles=[Role.PSE]) for _n in range(4)]
    client.force_login(cast.coordinator)

    keys = [f"p{one.pk}" for one in people]
    answer = client.post(url("request-offer", asked), ticked(asked, *keys))

    assert answer.status_code == 409
    assert answer.content.decode().count(" checked") == 4


def test_an_offer_on_an_older_page_is_refused_with_who_changed_it(client, cast, asked):
    client.force_login(cast.coordinator)
    client.post(url("request-offer", asked), ticked(asked, f"p{cast.ann.pk}"))

    answer = client.post(url("request-offer", asked), ticked(asked, f"p{cast.bob.pk}"))

    assert answer.status_code == 409
    assert "Carla" in text_of(answer)
    assert Offer.objects.count() == 1


def test_who_asked_accepts_by_one_click(client, cast, asked):
    (offer,) = offered(asked, cast)
    client.force_login(cast.pm)
    page = text_of(client.get(asked.get_absolute_url()))
    assert url("offer-accept", offer) in page

    answer = client.post(url("offer-accept", offer))

    assert (answer.status_code, answer.url) == (302, asked.get_absolute_url())
    asked = ResourceRequest.objects.get(pk=asked.pk)
    assert asked.state == RequestState.BOOKED
    assert "Ann Graf" in text_of(client.get(asked.get_absolute_url()))


def test_what_could_not_be_booked_says_why(client, cast):
    asked = asked_for(cast, booking="hard")
    (offer,) = offered(asked, cast)
    booked(cast.ann, hold=Hold.HARD)
    client.force_login(cast.pm)

    answer = client.post(url("offer-accept", offer))

    assert answer.status_code == 409
    assert "0 of 8 hours are free" in text_of(answer)
    assert "Nothing is booked" in text_of(answer)
    state = ResourceRequest.objects.get(pk=asked.pk).state
    assert state == RequestState.UNDER_REVIEW
    assert not Allocation.objects.active().filter(request=asked).exists()


def test_declining_wants_a_reason_and_keeps_what_was_typed(client, cast, asked):
    (offer,) = offered(asked, cast)
    client.force_login(cast.pm)

    answer = client.post(url("offer-decline", offer), {"decline-reason": " "})
    assert answer.status_code == 422
    answer = client.post(url("offer-decline", offer), {"decline-reason": "x" * 301})
    assert answer.status_code == 422
    assert "x" * 301 in text_of(answer)
    assert Offer.objects.get().state == OfferState.OPEN

    client.post(url("offer-decline", offer), {"decline-reason": "Too late"})
    offer.refresh_from_db()
    assert (offer.state, offer.decline_reason) == (OfferState.DECLINED, "Too late")


def test_all_are_declined_on_a_page_of_its_own(client, cast, asked):
    offered(asked, cast, cast.ann, cast.bob)
    client.force_login(cast.pm)
    page = url("request-decline", asked)
    assert "Ann Graf" in text_of(client.get(page))

    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "None of them"}).status_code == 302

    assert set(Offer.objects.values_list("state", flat=True)) == {"declined"}
    assert client.post(page, {"reason": "Again"}).status_code == 422


def test_a_coordinator_takes_them_back_on_a_page_of_its_own(client, cast, asked):
    offered(asked, cast)
    client.force_login(cast.coordinator)

    page = url("request-take-back", asked)
    assert client.get(page).status_code == 200
    assert client.post(page, {"reason": "Needed elsewhere"}).status_code == 302

    assert Offer.objects.get().state == OfferState.RELEASED


@pytest.fixture
def question(cast):
    """A soft hold of Olga's is asked to give way."""
    olga = UserFactory(first_name="Olga", roles=[Role.PM])
    booked(cast.ann, by=olga)
    asked = asked_for(cast, person=cast.ann, booking="hard")
    found = matching_for(asked, Wishes(), now=NOW).proposals
    (way,) = [one for one in found if one.kind == OfferKind.DISPLACE]
    (offer,) = offered(asked, cast, way)
    return offer, olga


def test_who_holds_the_days_answers_on_the_page_of_the_offer(client, question):
    offer, olga = question
    client.force_login(olga)
    shown = text_of(client.get(offer.get_absolute_url()))
    assert "My soft hold may give way" in shown
    assert "Accept" not in shown

    answer = client.post(url("offer-displace-agree", offer))

    assert answer.status_code == 302
    offer.refresh_from_db()
    assert offer.state == OfferState.OPEN
    assert client.post(url("offer-displace-agree", offer)).status_code == 409


def test_who_holds_the_days_keeps_them_with_a_reason(client, question):
    offer, olga = question
    client.force_login(olga)

    answer = client.post(url("offer-displace-refuse", offer), {"keep-reason": ""})
    assert answer.status_code == 422
    client.post(url("offer-displace-refuse", offer), {"keep-reason": "Promised"})

    offer.refresh_from_db()
    assert (offer.state, offer.decline_reason) == (OfferState.DECLINED, "Promised")


def test_who_asked_for_the_person_does_not_answer_for_the_hold(client, cast, question):
    offer, _olga = question
    client.force_login(cast.pm)

    assert client.get(offer.get_absolute_url()).status_code == 200
    assert client.post(url("offer-displace-agree", offer)).status_code == 403


def test_a_deputy_takes_offers_while_it_lasts(client, cast, asked):
    (offer,) = offered(asked, cast)
    deputy = UserFactory(roles=[Role.PM])
    row = away(cast.pm, NOW.date(), NOW.date())
    row.deputy = deputy
    row.save()
    client.force_login(deputy)

    assert client.post(url("offer-accept", offer)).status_code == 302

    asked = ResourceRequest.objects.get(pk=asked.pk)
    assert asked.state == RequestState.BOOKED


@pytest.mark.parametrize("is_conflict", [False, True])
def test_queries_are_the_same_with_3_and_with_30_people(client, cast, is_conflict):
    asked = asked_for(cast, person=cast.ann if is_conflict else None, booking="hard")
    if is_conflict:
        away(cast.ann, MONDAY, MONDAY)
        booked(cast.ann, days=workdays(MONDAY + timedelta(1), 1))
    booked(cast.bob, days=workdays(MONDAY, 1))
    client.force_login(cast.coordinator)
    page = url("request-candidates", asked)
    client.get(page)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(page)
        return len(captured)

    few = queries()
    for _n in range(27):
        booked(UserFactory(roles=[Role.PSE]), days=workdays(MONDAY, 1))
    assert queries() == few


def test_queries_of_the_offers_are_the_same_with_1_and_with_3(client, cast, asked):
    other = asked_for(cast)
    offered(asked, cast)
    offered(other, cast, *[UserFactory(roles=[Role.PSE]) for _n in range(3)])
    client.force_login(cast.pm)
    client.get(asked.get_absolute_url())

    def queries(record):
        with CaptureQueriesContext(connection) as captured:
            client.get(record.get_absolute_url())
        return len(captured)

    assert queries(asked) == queries(other)
