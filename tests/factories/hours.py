"""Weeks of hours, as the services make them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from psdelivery.people.choices import EngagementRole, Role
from scheduling.choices import Hold
from scheduling.models import HoursPart, HoursWeek
from scheduling.services.hours.approving import Deciding
from scheduling.services.hours.confirming import (
    TypedRow,
    confirm_as_it_stands,
    confirm_week,
)
from tests.factories.engagements import TeamMemberFactory
from tests.factories.people import UserFactory
from tests.factories.scheduling import MONDAY, booked, startable, workdays

FRIDAY = MONDAY + timedelta(days=4)
# Friday afternoon of the booked week, in Berlin and elsewhere.
NOW = datetime(2027, 3, 19, 15, 0, tzinfo=UTC)


def running(pm=None, **fields):
    """An active engagement that can be booked, with its PM."""
    engagement = startable(status="active", **fields)
    TeamMemberFactory(
        engagement=engagement,
        role=EngagementRole.PM,
        person=pm or UserFactory(first_name="Paul", roles=[Role.PM]),
    )
    return engagement


def planned(person, engagement, *, days=None, **fields):
    """A hard booking: a week of eight hours, unless other days are given."""
    days = workdays() if days is None else days
    return booked(person, engagement, hold=Hold.HARD, days=days, **fields)


def week_of(person, ends_on=FRIDAY):
    return HoursWeek.objects.get_or_create(person=person, ends_on=ends_on)[0]


def as_planned(person, ends_on=FRIDAY, now=NOW):
    """A week confirmed in one click."""
    return confirm_as_it_stands(week_of(person, ends_on), by=person, now=now)


def typed(engagement, *hours, first=MONDAY, note=""):
    """A row: the hours of the days from Monday on; None is nothing."""
    days = {
        first + timedelta(days=n): Decimal(str(one))
        for n, one in enumerate(hours)
        if one is not None
    }
    return TypedRow(engagement, days, note)


def confirmed(person, *rows, ends_on=FRIDAY, now=NOW, version=None):
    """A week confirmed as it was typed."""
    week = week_of(person, ends_on)
    return confirm_week(week, list(rows), version=version, by=person, now=now)


def part_of(week, engagement):
    return HoursPart.objects.get(week=week, engagement=engagement)


def deciding(by, now=NOW, **fields):
    """Somebody decides, by the right that they have."""
    from scheduling.hours_access import deciding_of

    return deciding_of(by, now) if not fields else Deciding(by, now=now, **fields)


def day(number):
    """Monday is 0."""
    return date.fromordinal(MONDAY.toordinal() + number)
