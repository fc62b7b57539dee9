from dataclasses import dataclass

import pytest
from django.db import transaction

from psdelivery.registry import OutsideTransactionError, Reactions

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class TeaReady:
    cups: int


@dataclass(frozen=True)
class TeaCold(TeaReady):
    pass


@pytest.fixture
def reactions():
    return Reactions()


def drink(event):
    heard.append(("drink", event))


def announce(event):
    heard.append(("announce", event))


heard = []


@pytest.fixture(autouse=True)
def quiet():
    heard.clear()


def test_reactions_run_by_order_and_then_by_name(reactions):
    reactions.register(TeaReady, drink)
    reactions.register(TeaReady, announce)
    reactions.register(TeaReady, quiet_first, order=10)

    reactions.publish(TeaReady(2))

    assert [name for name, _ in heard] == ["first", "announce", "drink"]
    assert [name.rpartition(".")[2] for name in reactions.names(TeaReady)] == [
        "quiet_first",
        "announce",
        "drink",
    ]


def quiet_first(event):
    heard.append(("first", event))


def test_a_decorated_function_is_registered_and_stays_callable(reactions):
    @reactions.on(TeaReady, order=5)
    def sip(event):
        heard.append(("sip", event))

    reactions.publish(TeaReady(1))
    sip(TeaReady(2))

    assert heard == [("sip", TeaReady(1)), ("sip", TeaReady(2))]


def test_registering_twice_runs_once(reactions):
    reactions.register(TeaReady, drink)
    reactions.register(TeaReady, drink, order=1)

    reactions.publish(TeaReady(1))

    assert heard == [("drink", TeaReady(1))]


def test_an_event_reaches_only_the_reactions_to_its_own_class(reactions):
    reactions.register(TeaReady, drink)

    reactions.publish(TeaCold(1))

    assert heard == []


def test_a_failing_reaction_stops_the_publisher(reactions):
    def spill(event):
        raise RuntimeError("spilt")

    reactions.register(TeaReady, spill, order=1)
    reactions.register(TeaReady, drink)

    with pytest.raises(RuntimeError, match="spilt"):
        reactions.publish(TeaReady(1))
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_refused(reactions):
    with pytest.raises(OutsideTransactionError, match="TeaReady"):
        reactions.publish(TeaReady(1))
    with transaction.atomic():
        reactions.publish(TeaReady(1))
