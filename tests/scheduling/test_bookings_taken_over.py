"""What teams said of bookings before there were any becomes bookings."""

from datetime import date
from importlib import import_module

import pytest
import time_machine
from django.apps import apps

from engagements.models import TeamMember
from psdelivery.history.models import Event
from psdelivery.people.models import WorkingHours
from scheduling.models import Allocation, AllocationDay, CapacityDay
from scheduling.services.bookings import Change, release
from scheduling.services.capacity import booked_hours
from tests.factories.engagements import TeamMemberFactory
from tests.factories.people import UserFactory
from tests.factories.scheduling import MONDAY, NOW, booked, workdays

pytestmark = pytest.mark.django_db
THURSDAY = date(2027, 3, 25)


@pytest.fixture
def ann():
    return UserFactory(country="DE", zone="Europe/Berlin")


def member(person, booking="hard", first_day=MONDAY, hours=20, **fields):
    return TeamMemberFactory(
        role="pse",
        person=person,
        booking=booking,
        first_day=first_day,
        hours=hours,
        **fields,
    )


def take_over():
    migration = import_module("scheduling.migrations.0004_bookings_of_the_team")
    with time_machine.travel(NOW, tick=False):
        migration.book_teams(apps, None)


def told(person):
    days = AllocationDay.objects.filter(person=person).order_by("day")
    return [(row.day.isoformat(), row.hours, row.hold) for row in days]


def test_hours_lie_on_working_days_until_they_are_used(ann):
    # Good Friday and Easter Monday lie between.
    one = member(ann, first_day=THURSDAY)

    take_over()
    assert told(ann) == [
        ("2027-03-25", 8, "hard"),
        ("2027-03-30", 8, "hard"),
        ("2027-03-31", 4, "hard"),
    ]
    allocation = Allocation.objects.get()
    assert (allocation.hours, allocation.ends_on) == (20, date(2027, 3, 31))
    assert (allocation.engagement, allocation.role) == (one.engagement, "pse")


def test_the_first_day_of_the_team_is_the_first_day_worked(ann):
    saturday = date(2027, 3, 20)
    one = member(ann, first_day=saturday, hours=8)

    take_over()
    one.refresh_from_db()
    assert one.first_day == date(2027, 3, 22)


def test_shorter_hours_take_more_days(ann):
    WorkingHours.objects.create(
        person=ann, valid_from=date(2027, 1, 1), monday=4, tuesday=0
    )
    member(ann, hours=12)

    take_over()
    assert [day for day, _hours, _hold in told(ann)] == ["2027-03-15", "2027-03-17"]


def test_days_booked_twice_before_are_marked_and_nothing_is_lost(ann):
    member(ann, hours=8)
    member(ann, hours=8)

    take_over()
    row = CapacityDay.objects.get(person=ann)
    assert (row.capacity, row.hard, row.overbooked) == (8, 16, True)


def test_a_soft_hold_gets_its_fortnight(ann):
    member(ann, booking="soft")

    take_over()
    assert (Allocation.objects.get().expires_at - NOW).days == 14
    assert CapacityDay.objects.get(day=MONDAY).soft == 8


def test_days_of_who_has_left_are_marked(ann):
    ann.is_active = False
    ann.save()
    member(ann, hours=8)

    take_over()
    row = CapacityDay.objects.get(person=ann)
    assert (row.capacity, row.off, row.overbooked) == (0, "left", True)


def test_what_was_booked_since_is_counted_together(ann):
    booked(ann, days=workdays(count=1, hours=4), hold="hard")
    TeamMember.objects.update(booking="", first_day=None, hours=None)
    member(ann, hours=4)

    take_over()
    row = CapacityDay.objects.get(person=ann)
    assert (row.hard, row.overbooked) == (8, False)
    assert booked_hours([(ann.pk, MONDAY)]) == {(ann.pk, MONDAY): (8, 0)}


@pytest.mark.parametrize(
    "facts",
    [
        {"first_day": None},
        {"hours": None},
        {"booking": ""},
    ],
)
def test_half_a_booking_is_told_by_the_history_alone(ann, facts):
    one = member(ann, **facts)

    take_over()
    one.refresh_from_db()
    assert (one.booking, one.first_day, one.hours) == ("", None, None)
    assert not Allocation.objects.exists()
    event = Event.objects.get(verb="team-member-changed")
    assert event.engagement == one.engagement
    assert "not taken over" in event.reason


def test_who_was_never_booked_is_left_alone(ann):
    TeamMemberFactory(role="pse", person=ann)

    take_over()
    assert not Event.objects.exists()


def test_the_schedule_goes_on_from_there(ann):
    one = member(ann, hours=8)
    take_over()

    release(Allocation.objects.get(), Change(reason="No need"), by=None, now=NOW)
    one.refresh_from_db()
    assert one.booking == ""
    assert CapacityDay.objects.get(person=ann).hard == 0
