from datetime import UTC, datetime

import pytest

from psdelivery.people.models import User


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "store"
    return settings.MEDIA_ROOT


@pytest.fixture
def now():
    return datetime(2027, 3, 5, 15, 30, tzinfo=UTC)


@pytest.fixture
def ann():
    return User.objects.create_user("ann", "ann@example.com", first_name="Ann")


@pytest.fixture
def stranger():
    return User.objects.create_user("stan", "stan@example.com", first_name="Stan")
