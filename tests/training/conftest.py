from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from psdelivery.people.choices import Role
from tests.factories.people import PracticeFactory, RegionFactory, UserFactory
from tests.factories.shipped import ship_playbooks
from tests.factories.training import (
    NOW,
    make_engagement,
    plan_class,
    ready_to_release,
    submit,
    team_of,
)


@pytest.fixture
def shipped(db):
    ship_playbooks()


@pytest.fixture
def place(db):
    return {"region": RegionFactory(), "practice": PracticeFactory()}


@pytest.fixture
def coordinator(place):
    return UserFactory(roles=[Role.COORDINATOR], **place)


@pytest.fixture
def trainer(place):
    return UserFactory(roles=[Role.TRAINER], **place)


@pytest.fixture
def stranger(db):
    """A trainer of another region and practice, on no engagement."""
    return UserFactory(
        roles=[Role.TRAINER], region=RegionFactory(), practice=PracticeFactory()
    )


@pytest.fixture
def manager(place):
    return UserFactory(roles=[Role.PRACTICE_MANAGER], **place)


@pytest.fixture
def engagement(shipped, place, coordinator):
    return make_engagement(team=team_of(tc=coordinator), by=coordinator, **place)


@pytest.fixture
def delivery(engagement, trainer, coordinator):
    """A class on Tue 6 and Wed 7 April 2027, 09:00 Sydney, of the named trainer."""
    return plan_class(engagement, trainer=trainer, by=coordinator)


@pytest.fixture
def at_now():
    """The pages read the clock: it stands still at NOW."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def as_coordinator(client, coordinator, at_now):
    client.force_login(coordinator)
    return client


@pytest.fixture
def as_trainer(client, trainer, at_now):
    client.force_login(trainer)
    return client


@pytest.fixture
def queries_of():
    """How many queries a page takes, once its session is there."""

    def count(client, address):
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    return count


@pytest.fixture
def submission(delivery):
    """Handed in a hundred hours ago; the class has all that a release needs."""
    ready_to_release(delivery)
    return submit(delivery, at=NOW - timedelta(hours=100), now=NOW)
