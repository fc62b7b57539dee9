import pytest
import time_machine

from psdelivery.people.choices import EngagementRole, Role
from tests.factories.engagements import NOW, registered
from tests.factories.people import (
    CustomerFactory,
    PracticeFactory,
    RegionFactory,
    UserFactory,
)
from tests.factories.shipped import ship_playbooks


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def at_now():
    """Let pages see the same clock as the services."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def shipped(db):
    ship_playbooks()


@pytest.fixture
def region(db):
    return RegionFactory(name="EMEA", zone="Europe/Berlin", country="DE")


@pytest.fixture
def practice(db):
    return PracticeFactory(name="Implementation")


@pytest.fixture
def coordinator(region, practice):
    return UserFactory(
        username="carla", roles=[Role.COORDINATOR], region=region, practice=practice
    )


@pytest.fixture
def pm(region, practice):
    return UserFactory(username="paul", roles=[Role.PM], region=region)


@pytest.fixture
def em(region):
    return UserFactory(username="emma", roles=[Role.EM], region=region)


@pytest.fixture
def pse(region):
    return UserFactory(username="pia", roles=[Role.PSE], region=region)


@pytest.fixture
def customer(db):
    return CustomerFactory(name="Acme", zone="Australia/Sydney", country="AU")


@pytest.fixture
def consulting(shipped, customer, region, practice, coordinator, pm):
    """A consulting engagement of the coordinator and the PM, as registered."""
    return registered(
        title="Rollout",
        customer=customer,
        region=region,
        practice=practice,
        team=[(EngagementRole.PC, coordinator), (EngagementRole.PM, pm)],
        by=coordinator,
    )
