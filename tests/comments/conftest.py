from datetime import UTC, datetime

import pytest
import time_machine

from engagements.comments import subject_of
from psdelivery.people.choices import EngagementRole, Role
from tests.factories.engagements import EngagementFactory, TeamMemberFactory
from tests.factories.people import UserFactory

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def engagement(db):
    return EngagementFactory(title="Rollout", customer__name="Acme")


@pytest.fixture
def subject(engagement):
    return subject_of(engagement)


def member(engagement, username, role, team_role):
    person = UserFactory(username=username, first_name=username.title(), roles=[role])
    TeamMemberFactory(engagement=engagement, role=team_role, person=person)
    return person


@pytest.fixture
def paul(engagement):
    return member(engagement, "paul", Role.PM, EngagementRole.PM)


@pytest.fixture
def pia(engagement):
    return member(engagement, "pia.pse", Role.PSE, EngagementRole.PSE)


@pytest.fixture
def stranger(db):
    return UserFactory(username="stan", roles=[Role.PSE])
