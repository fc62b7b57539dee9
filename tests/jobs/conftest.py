from datetime import UTC, datetime

import pytest
import time_machine

from psdelivery.jobs.registry import Outcome, _kinds, register_job
from tests.factories.people import UserFactory

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "store"
    return settings.MEDIA_ROOT


@pytest.fixture
def now():
    return NOW


@pytest.fixture(autouse=True)
def clock():
    """Stands at `now`; `clock.shift(…)` lets time pass."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ann(db):
    return UserFactory(username="ann", first_name="Ann")


@pytest.fixture
def kind():
    """Register a function under a kind for the length of a test."""
    before = dict(_kinds)

    def register(run=lambda work: Outcome("All done."), undo=None, name="test-job"):
        register_job(name, run, "Test", undo)
        return name

    yield register
    _kinds.clear()
    _kinds.update(before)
