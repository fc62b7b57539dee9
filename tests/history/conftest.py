from datetime import UTC, datetime

import pytest

from engagements.choices import Kind
from engagements.models import Engagement
from psdelivery.people.models import Customer, Practice, Region, User

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


@pytest.fixture
def engagement(now):
    return Engagement.objects.create(
        title="GitLab for Acme",
        customer=Customer.objects.create(name="Acme"),
        kind=Kind.CONSULTING,
        status_since=now,
        ball_since=now,
        created_at=now,
        region=Region.objects.create(name="East", code="east"),
        practice=Practice.objects.create(name="Delivery"),
    )
