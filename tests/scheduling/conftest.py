import pytest
import time_machine

from psdelivery.outbox.services.templates import load_templates
from psdelivery.people.choices import Role
from psdelivery.playbooks.services.shipped import load_shipped_data
from tests.factories.people import UserFactory
from tests.factories.scheduling import NOW


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
    return load_shipped_data()


@pytest.fixture
def texts(db):
    """The mail templates, as they ship."""
    return load_templates()


@pytest.fixture
def coordinator(db):
    return UserFactory(first_name="Cora", last_name="C", roles=[Role.COORDINATOR])


@pytest.fixture
def ann(db):
    """An engineer; with Ben there are two."""
    return UserFactory(first_name="Ann", last_name="A", roles=[Role.PSE])


@pytest.fixture
def ben(db):
    return UserFactory(first_name="Ben", last_name="B", roles=[Role.PSE])
