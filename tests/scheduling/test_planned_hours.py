import pytest
from django.urls import reverse

from engagements.registry import facts
from psdelivery.people.choices import EngagementRole, Role
from scheduling.choices import Hold
from scheduling.facts import PlannedHours, planned_hours
from scheduling.services.bookings import Change, release
from tests.factories.engagements import TeamMemberFactory
from tests.factories.people import UserFactory
from tests.factories.scheduling import NOW, booked, startable, workdays

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement():
    return startable(wished_start="2027-03-15")


def test_hours_add_up_by_role_and_booking(engagement):
    booked(engagement=engagement, hold=Hold.HARD)
    booked(engagement=engagement, hold=Hold.HARD, days=workdays(count=1))
    booked(engagement=engagement, days=workdays(count=2))
    booked(
        engagement=engagement,
        role=EngagementRole.PM,
        hold=Hold.HARD,
        days=workdays(count=1, hours="4.5"),
    )

    planned = planned_hours(engagement)
    assert planned.hard == {"pse": 48, "pm": 4.5}
    assert planned.soft == {"pse": 16}
    assert (planned.hard_total, planned.soft_total) == (52.5, 16)


def test_an_unnamed_resource_is_planned_too(engagement):
    booked(engagement=engagement, unnamed="Unnamed PSE", hold=Hold.HARD)

    assert planned_hours(engagement).hard == {"pse": 40}


def test_what_was_released_does_not_count(engagement):
    allocation = booked(engagement=engagement)
    release(allocation, Change(reason="No need"), by=None, now=NOW)

    assert planned_hours(engagement) == PlannedHours(hard={}, soft={})


def test_other_places_read_the_planned_hours_as_a_fact(engagement):
    booked(engagement=engagement, days=workdays(count=3))

    assert facts.read(PlannedHours, engagement).soft == {"pse": 24}


def test_the_schedule_shows_people_and_the_wished_window(client, engagement):
    allocation = booked(engagement=engagement, days=workdays(count=3))
    TeamMemberFactory(
        engagement=engagement, role="csm", person=None, none_reason="No CSM"
    )
    client.force_login(UserFactory(roles=[Role.COORDINATOR]))

    url = reverse("engagements:engagement-tab", args=[engagement.pk, "schedule"])
    text = client.get(url).content.decode()
    assert allocation.person.display_name in text
    assert "Mon 15 Mar 2027" in text
    assert "24 hours" in text
    assert "No CSM" not in text
