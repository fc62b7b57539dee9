from decimal import Decimal

import pytest
from django.urls import reverse

from engagements.models import TeamMember
from engagements.registry import facts
from psdelivery.people.choices import Role
from scheduling.facts import PlannedHours, planned_hours
from tests.factories.engagements import EngagementFactory, TeamMemberFactory
from tests.factories.people import UserFactory


def member(role, booking="", hours=None):
    return TeamMember(role=role, booking=booking, hours=hours)


@pytest.mark.unit
def test_hours_add_up_by_role_and_booking():
    planned = planned_hours(
        [
            member("pse", "hard", Decimal(40)),
            member("pse", "hard", Decimal(8)),
            member("pse", "soft", Decimal(16)),
            member("pm", "hard", Decimal("4.5")),
        ]
    )

    assert planned.hard == {"pse": 48, "pm": Decimal("4.5")}
    assert planned.soft == {"pse": 16}
    assert (planned.hard_total, planned.soft_total) == (Decimal("52.5"), 16)


@pytest.mark.unit
def test_who_is_not_booked_or_has_no_hours_does_not_count():
    planned = planned_hours([member("pm", "", Decimal(9)), member("pse", "hard")])

    assert planned == PlannedHours(hard={}, soft={})
    assert planned.hard_total == 0


@pytest.mark.django_db
def test_other_places_read_the_planned_hours_as_a_fact():
    engagement = EngagementFactory()
    TeamMemberFactory(engagement=engagement, role="pse", booking="soft", hours=24)

    assert facts.read(PlannedHours, engagement).soft == {"pse": 24}


@pytest.mark.django_db
def test_the_schedule_shows_people_and_the_wished_window(client):
    engagement = EngagementFactory(wished_start="2027-03-01")
    booked = TeamMemberFactory(
        engagement=engagement, role="pse", booking="soft", hours=24
    )
    TeamMemberFactory(
        engagement=engagement, role="csm", person=None, none_reason="No CSM"
    )
    client.force_login(UserFactory(roles=[Role.COORDINATOR]))

    url = reverse("engagements:engagement-tab", args=[engagement.pk, "schedule"])
    text = client.get(url).content.decode()
    assert booked.person.display_name in text
    assert "Mon 1 Mar 2027" in text
    assert "24 hours" in text
    assert "No CSM" not in text
