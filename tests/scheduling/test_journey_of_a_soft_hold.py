"""A soft hold from its placing to its end, as the people of the portal see it."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from psdelivery.people.choices import Role
from psdelivery.playbooks.services.reminders import scan_reminders
from scheduling.models import Allocation, AllocationDay, CapacityDay
from scheduling.services.bookings import place
from scheduling.tasks import look
from tests.factories.engagements import registered
from tests.factories.people import UserFactory
from tests.factories.scheduling import NOW, asked_for, wanted
from tests.factories.shipped import ship_playbooks
from tests.told import told_of

pytestmark = pytest.mark.django_db
MY_DAY = reverse("dashboards:my-day")


@pytest.fixture
def clock():
    """Move the portal's clock to so many days after the placing, and let it look."""
    with time_machine.travel(NOW, tick=False) as traveller:

        def move_to(days):
            traveller.move_to(NOW + timedelta(days=days), tick=False)
            look()
            scan_reminders(now=NOW + timedelta(days=days))

        yield move_to


@pytest.fixture
def carla():
    return UserFactory(first_name="Carla", roles=[Role.COORDINATOR])


@pytest.fixture
def paul():
    return UserFactory(first_name="Paul", roles=[Role.PM])


@pytest.fixture
def hold(paul, carla):
    """Ann for a week, asked for by Paul, placed by Carla while the paper is awaited."""
    ship_playbooks()
    engagement = registered(
        team=[("pm", paul), ("pc", carla)],
        opportunity_stage=5,
        forecast_category="commit",
        by=carla,
        now=NOW,
    )
    asked = asked_for(engagement, state="booked", requested_by=paul)
    ann = UserFactory(first_name="Ann", last_name="Soft", roles=[Role.PSE])
    return place(wanted(ann, engagement, request=asked), by=carla, now=NOW)


def my_day(client, person):
    client.force_login(person)
    return client.get(MY_DAY).content.decode()


def told(person, start):
    found = told_of(start, "soft-hold")
    return sum(one.to == [person.email] for one in found)


def test_a_soft_hold_is_warned_about_extended_once_and_then_expires(
    client, hold, paul, carla, clock
):
    clock(10)
    assert "The soft hold ends" not in my_day(client, paul)

    # Placed 11 days ago: the step is on Paul's day, and leads to the hold.
    clock(11)
    page = reverse("scheduling:allocation-extend", args=[hold.pk])
    assert "The soft hold ends: Ann Soft" in my_day(client, paul)
    assert told(paul, "A soft hold ends soon") == 1
    assert page in client.get(hold_step().get_absolute_url()).content.decode()

    # He extends it, once, with a reason.
    typed = {"reason": "The signature comes on Friday", "version": hold.version}
    client.post(page, typed)
    assert "The soft hold ends" not in my_day(client, paul)
    for days in (14, 20):
        clock(days)
    assert AllocationDay.objects.filter(allocation=hold).count() == 5

    # Warned again, not extended again: its days are free, and he is told once.
    clock(25)
    assert told(paul, "A soft hold ends soon") == 2
    for days in (28, 28.1, 30, 60):
        clock(days)
    hold.refresh_from_db()
    assert (hold.state, hold.extended) == ("expired", 1)
    assert not AllocationDay.objects.exists()
    assert not CapacityDay.objects.filter(soft__gt=0).exists()
    assert told(paul, "The soft hold has ended") == 1
    assert told(carla, "") == 0

    # The request waits for coordination again.
    assert "The soft hold ends" not in my_day(client, paul)
    assert "Answer the request" in my_day(client, carla)


def hold_step():
    return Allocation.objects.get().expiry_step
