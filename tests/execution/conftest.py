"""The people and the engagement of the tests beside."""

import pytest

from tests.engagements.conftest import (  # noqa: F401 (fixtures)
    at_now,
    consulting,
    coordinator,
    customer,
    em,
    now,
    pm,
    practice,
    pse,
    region,
    shipped,
)


@pytest.fixture
def as_(client):
    def log_in(person):
        client.force_login(person)
        return client

    return log_in
