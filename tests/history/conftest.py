from datetime import UTC, datetime

import pytest

from psdelivery.people.models import User

NOW = datetime(2027, 3, 5, 15, 30, tzinfo=UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def ann():
    return User.objects.create_user("ann", "ann@example.com", first_name="Ann")


@pytest.fixture
def ben():
    return User.objects.create_user("ben", "ben@example.com", first_name="Ben")
