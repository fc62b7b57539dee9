import pytest

from psdelivery.people.choices import EngagementRole, Role
from tests.factories.engagements import NOW, registered
from tests.factories.people import UserFactory
from tests.factories.shipped import ship_playbooks


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def shipped(db):
    ship_playbooks()


@pytest.fixture
def pm(db):
    return UserFactory(roles=[Role.PM])


@pytest.fixture
def consulting(shipped, pm):
    return registered(team=[(EngagementRole.PM, pm)])


@pytest.fixture
def training(shipped):
    coordinator = UserFactory(roles=[Role.COORDINATOR])
    return registered(kind="training", team=[(EngagementRole.TC, coordinator)])
