import pytest

from psdelivery.people.choices import Role
from psdelivery.people.rules import (
    reasons_against_leaving,
    reasons_against_link,
    reasons_against_manager,
    reasons_against_roles,
)
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def codes(reasons):
    return [reason.code for reason in reasons]


def test_the_last_administrator_keeps_the_role(administrator):
    refused = reasons_against_roles(administrator, [Role.PM], other_administrators=0)

    assert codes(refused) == ["last_administrator"]


@pytest.mark.parametrize(
    ("roles", "others"), [([Role.PM], 1), ([Role.PM, Role.ADMINISTRATOR], 0)]
)
def test_roles_change_while_an_administrator_stays(administrator, roles, others):
    assert (
        reasons_against_roles(administrator, roles, other_administrators=others) == []
    )


def test_roles_of_others_change_freely():
    trainer = UserFactory(roles=[Role.TRAINER])

    assert reasons_against_roles(trainer, [], other_administrators=0) == []


def test_nobody_marks_themselves_as_left(administrator):
    refused = reasons_against_leaving(
        administrator, administrator, other_administrators=3
    )

    assert codes(refused) == ["self"]


def test_the_last_administrator_does_not_leave(administrator, coordinator):
    alone = reasons_against_leaving(administrator, coordinator, other_administrators=0)
    others = reasons_against_leaving(administrator, coordinator, other_administrators=1)
    plain = reasons_against_leaving(coordinator, administrator, other_administrators=0)

    assert codes(alone) == ["last_administrator"]
    assert others == plain == []


def test_who_has_left_gets_no_link():
    assert codes(reasons_against_link(UserFactory(is_active=False))) == ["left"]
    assert reasons_against_link(UserFactory()) == []


def test_managers_never_go_round_in_a_circle():
    chief, lead = UserFactory(), UserFactory()

    assert codes(reasons_against_manager(chief, lead, reports={lead.pk})) == ["circle"]
    assert codes(reasons_against_manager(chief, chief, reports=set())) == ["self"]
    assert reasons_against_manager(lead, chief, reports=set()) == []
    assert reasons_against_manager(lead, None, reports=set()) == []
