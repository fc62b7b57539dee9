"""Capacity is known as far ahead as the settings say."""

from datetime import timedelta

import pytest
from django.db.models import Max

from psdelivery.registry import Absentee
from scheduling.holdings import held_bookings
from scheduling.models import CapacityDay
from scheduling.services.horizon import look_ahead
from tests.factories.people import UserFactory
from tests.factories.scheduling import MONDAY, NOW, booked, workdays

pytestmark = pytest.mark.django_db


def last_day(person):
    rows = CapacityDay.objects.filter(person=person)
    return rows.aggregate(last=Max("day"))["last"]


def test_the_days_of_everybody_who_works_here_are_made_ahead(ann, ben):
    gone = UserFactory(is_active=False)

    made = look_ahead(NOW)

    end = NOW.date() + timedelta(days=31 * 18)
    assert made == 2 * (31 * 18 + 1)
    assert (last_day(ann), last_day(ben), last_day(gone)) == (end, end, None)


def test_a_later_night_makes_only_what_is_missing(ann):
    look_ahead(NOW)

    assert look_ahead(NOW) == 0
    assert look_ahead(NOW + timedelta(days=2)) == 2


def test_a_night_with_many_people_goes_on_the_next_time(ann, ben):
    look_ahead(NOW, limit=1)
    assert CapacityDay.objects.values("person").distinct().count() == 1

    look_ahead(NOW, limit=1)
    assert CapacityDay.objects.values("person").distinct().count() == 2


def test_time_off_lists_the_bookings_that_fall_into_it(ann, coordinator):
    booked(ann)
    booked(ann, days=workdays(MONDAY + timedelta(days=14)))
    days = Absentee(ann, MONDAY + timedelta(days=3), MONDAY + timedelta(days=10))

    [held] = held_bookings(days, coordinator, NOW)

    assert held.count == 1
    [item] = held.items
    assert item.note == "Thu 18 Mar 2027 – Fri 19 Mar 2027, 16 hours, soft"
    assert item.url


def test_what_the_viewer_may_not_open_has_no_name(ann, ben):
    booked(ann)

    [held] = held_bookings(Absentee(ann, MONDAY, None), ben, NOW)

    assert [(item.title, item.url) for item in held.items] == [("Booking", "")]
