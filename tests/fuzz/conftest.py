from types import SimpleNamespace

import pytest
import time_machine
from django.core.cache import cache

from tests.factories.engagements import NOW


@pytest.fixture(scope="module")
def whole_world(django_db_setup, django_db_blocker):
    """The same for all tests of a file: every test gives back what it changed."""
    from tests.fuzz.world import kept_world

    with (
        django_db_blocker.unblock(),
        time_machine.travel(NOW, tick=False),
        kept_world.for_a_while() as world,
    ):
        yield world


@pytest.fixture
def world(whole_world, db):
    return whole_world


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """Where uploads go; nothing of one test is left for the next."""
    settings.MEDIA_ROOT = tmp_path / "store"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def no_limits(settings):
    # Whoever fuzzes the log-in is a robot, and would be told to wait.
    settings.ACCOUNT_RATE_LIMITS = False
    cache.clear()


@pytest.fixture
def me(world, client):
    client.force_login(world.me)
    return SimpleNamespace(client=client, world=world)
