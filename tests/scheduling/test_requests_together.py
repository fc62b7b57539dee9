"""Two coordinators handle one request at the same moment."""

import pytest

from psdelivery.people.choices import Role
from psdelivery.registry import RuleRefused
from scheduling.choices import Hold, RequestState
from scheduling.models import Allocation, ResourceRequest
from scheduling.services.requests import Order, book_request, refuse_request
from tests.factories.people import UserFactory
from tests.factories.scheduling import NOW, asked_for, startable, wanted
from tests.together import at_once, elsewhere, move_to_disk

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_handle_a_request_at_once_one_is_refused_by_name(
    tmp_path, monkeypatch
):
    engagement = startable()
    asked = asked_for(engagement)
    people = [UserFactory(roles=[Role.COORDINATOR]) for _n in range(4)]
    order = Order(
        wanted=wanted(UserFactory(roles=[Role.PSE]), engagement, hold=Hold.HARD)
    )
    move_to_disk(tmp_path, monkeypatch)

    def handle(number):
        by = people[number]
        try:
            if number % 2:
                refuse_request(asked, "Nobody is free.", version=1, by=by, now=NOW)
                return "refused"
            book_request(asked, [order], version=1, by=by, now=NOW)
        except RuleRefused as refusal:
            (reason,) = refusal.reasons
            assert reason.code == "stale"
            assert any(str(person) in reason.sentence for person in people)
            return "told"
        return "booked"

    outcomes = at_once(handle, count=4)

    assert outcomes.count("told") == 3
    state, booked = elsewhere(
        lambda: (
            ResourceRequest.objects.get(pk=asked.pk).state,
            Allocation.objects.count(),
        )
    )
    was_booked = "booked" in outcomes
    assert state == (RequestState.BOOKED if was_booked else RequestState.REFUSED)
    assert booked == int(was_booked)
