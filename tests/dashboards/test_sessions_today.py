from datetime import UTC, datetime

import pytest

from psdelivery.dashboards.queries import my_day_of
from psdelivery.people.choices import EngagementRole, Role
from tests.factories.people import UserFactory
from tests.factories.shipped import ship_playbooks
from tests.factories.training import FIRST_DAY, make_engagement, plan_class

pytestmark = pytest.mark.django_db

# 09:00 in Sydney on the first day of the class.
MORNING = datetime(2027, 4, 5, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("role", "seat", "sees"),
    [
        (Role.COORDINATOR, EngagementRole.TC, True),
        (Role.PSE, EngagementRole.PSE, True),
        (Role.FINANCE, EngagementRole.FINANCE, False),
        (Role.ACCOUNT, EngagementRole.SAL, False),
    ],
)
def test_only_who_may_open_a_class_is_shown_its_sessions(role, seat, sees):
    ship_playbooks()
    person = UserFactory(roles=[role], zone="Australia/Sydney")
    delivery = plan_class(make_engagement(team=[(seat, person)]), first=FIRST_DAY)

    shown = my_day_of(person, MORNING).sessions

    assert [one.delivery for one in shown] == ([delivery] if sees else [])
