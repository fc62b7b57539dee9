import pytest

from tests.factories.people import UserFactory
from tests.livetext.sheets import new_sheet


@pytest.fixture
def sheet(db):
    return new_sheet()


@pytest.fixture
def ann(db):
    return UserFactory(username="ann", first_name="Ann", last_name="Berg")


@pytest.fixture
def bob(db):
    return UserFactory(username="bob", first_name="Bob", last_name="Cole")
