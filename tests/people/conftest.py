from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from psdelivery.people.choices import Role
from tests.factories.people import UserFactory

NOW = datetime(2027, 3, 9, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_tries_counted():
    """Wrong passwords of one test do not lock out a person of the next."""
    cache.clear()


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def administrator(db):
    return UserFactory(roles=[Role.ADMINISTRATOR], first_name="Ada", last_name="Admin")


@pytest.fixture
def coordinator(db):
    return UserFactory(
        roles=[Role.COORDINATOR], first_name="Cora", last_name="Coordinator"
    )


@pytest.fixture
def as_administrator(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def as_coordinator(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def queries_of(client, django_assert_max_num_queries):
    """The number of queries that a page takes."""

    def count(path):
        with django_assert_max_num_queries(12) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    return count
