"""Every address × every role × (anonymous, own, foreign object), against the table."""

import pytest
from django.urls import NoReverseMatch, reverse

from psdelivery.access import URLS, Action, needed_for
from tests.access.samples import SAMPLES
from tests.access.walk import (
    actors,
    addresses,
    answer_of,
    expected,
    is_known,
    own_addresses,
    wrong_answers,
)
from tests.cast import Cast
from tests.factories.people import PracticeFactory, RegionFactory, UserFactory

ADDRESSES = own_addresses()


@pytest.fixture
def person(db):
    """Who takes all the roles, one after the other."""
    return UserFactory(region=RegionFactory(), practice=PracticeFactory())


@pytest.mark.unit
def test_every_address_has_a_name():
    unnamed = [address for address in ADDRESSES if address.name.endswith("?")]

    assert unnamed == []


@pytest.mark.unit
def test_every_address_has_an_entry_in_the_table():
    missing = [one.name for one in ADDRESSES if not is_known(URLS.get(one.name))]

    assert missing == [], "add them to access.URLS"


@pytest.mark.unit
def test_the_table_names_no_address_that_is_gone():
    names = {address.name for address in ADDRESSES}

    assert set(URLS) - names == set()


@pytest.mark.unit
def test_every_address_with_an_object_has_a_sample():
    needed = [address.name for address in ADDRESSES if address.arguments]

    assert [name for name in needed if name not in SAMPLES] == [], "add to SAMPLES"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_each_role_reaches_what_the_table_says(address, person, client):
    cast = Cast({}, actor=person)

    assert wrong_answers(address, cast, client, each_open=False) == []


@pytest.mark.full
@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_each_role_sees_the_whole_page_that_it_reaches(address, person, client):
    cast = Cast({}, actor=person)

    assert wrong_answers(address, cast, client, each_open=True) == []


@pytest.mark.django_db
def test_djangos_admin_opens_for_administrators_alone(cast, client):
    # The log-out of the admin leads to the log-in, for whoever leaves.
    names = [
        address
        for address in addresses()
        if address.namespace == "admin" and address.name != "admin:logout"
    ]
    paths = {path for address in names if (path := _admin_path(address, cast))}
    wrong = []

    for role, person in actors(cast):
        if person is None:
            client.logout()
        else:
            client.force_login(person)
        wanted = expected(Action.USERS_EDIT, role, which="foreign")
        for path in sorted(paths):
            if not _fits(answer_of(client, path), wanted):
                wrong.append(f"{role}: {path}")

    assert len(paths) > 20
    assert wrong == []


def _admin_path(address, cast):
    known = {"object_id": cast.stranger.pk, "id": cast.stranger.pk}
    known |= {"app_label": "people", "content_type_id": 1, "url": "nowhere"}
    try:
        return reverse(
            address.name, kwargs={name: known[name] for name in address.arguments}
        )
    except NoReverseMatch:
        # Patterns without a name are reached through named ones.
        return ""


def _fits(found, wanted):
    # An administrator may meet a register that is only to be looked at, and objects
    # that are not there.
    return "log in" not in found if wanted == "open" else found == {wanted}


@pytest.mark.unit
def test_an_address_that_nobody_entered_is_closed():
    assert needed_for("people:never-heard-of") is None
    assert needed_for("never-heard-of") is None
