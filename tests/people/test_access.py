import pytest
from django.db.models import Q

from psdelivery.access import Action, Scope
from psdelivery.people.access import customers_in, may_with_customer, visible_customers
from psdelivery.people.choices import Role
from psdelivery.registry import reach
from tests.factories.people import CustomerFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch):
    """What the engagements are asked; near are the customers named so."""
    asked = []

    def function(user, scope, path):
        asked.append((user, scope, path))
        return Q(name="near")

    monkeypatch.setattr(reach, "_function", function)
    return asked


@pytest.mark.parametrize("scope", [Scope.OWN_STEPS, Scope.OWN, Scope.TEAM])
def test_customers_within_a_reach_are_those_of_its_engagements_and_my_own(asked, scope):
    person = UserFactory()
    near, mine = CustomerFactory(name="near"), CustomerFactory(created_by=person)
    CustomerFactory(name="far")

    assert set(customers_in(person, scope)) == {near, mine}
    assert asked == [(person, scope, "engagements")]


def test_everything_and_nothing_are_not_asked_of_the_engagements(asked):
    person = UserFactory()
    far = CustomerFactory()

    assert list(customers_in(person, Scope.ALL)) == [far]
    assert list(customers_in(person, Scope.NONE)) == []
    assert asked == []


def test_an_engineer_sees_near_customers_and_edits_none(asked):
    person = UserFactory(roles=[Role.PSE])
    near = CustomerFactory(name="near")

    assert may_with_customer(person, near, Action.CUSTOMER_SEE)
    assert not may_with_customer(person, near, Action.CUSTOMER_EDIT)
    assert list(visible_customers(person, Action.CUSTOMER_EDIT)) == []
