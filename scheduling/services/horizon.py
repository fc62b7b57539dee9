"""Capacity is known as far ahead as the settings say: nightly, a person at a time."""

from datetime import datetime, timedelta

from django.db.models import F, Max, Q

from psdelivery.people.models import User
from psdelivery.people.register import portal_settings
from scheduling.capacity_facts import Span
from scheduling.models import CapacityDay
from scheduling.services.capacity import extend_horizon
from scheduling.settings import HORIZON_MONTHS

# A month with a day to spare, so that the horizon is never short.
MONTH = timedelta(days=31)


def people_short_of(now: datetime, limit: int) -> list[User]:
    """Return who works here and whose days do not reach the horizon, at most so many.

    Whoever has no days yet comes first; it is one query, and cheap once all is made.
    """
    last = horizon(now).last
    people = User.objects.active().annotate(known_to=Max("capacity__day"))
    short = people.filter(Q(known_to__lt=last) | Q(known_to=None))
    short = short.order_by(F("known_to").asc(nulls_first=True), "pk")
    return list(short[:limit])


def horizon(now: datetime) -> Span:
    """Return the days that are known: from today to the end of the horizon."""
    today = now.date()
    return Span(today, today + MONTH * portal_settings()[HORIZON_MONTHS])


def look_ahead(now: datetime, *, limit: int = 200) -> int:
    """Make the days that are missing for some people; return how many were made.

    What it does not reach in one go it finds the next time.
    """
    span = horizon(now)
    made = 0
    for person in people_short_of(now, limit):
        known_to = CapacityDay.objects.filter(person=person).aggregate(n=Max("day"))
        first = max(span.first, known_to["n"] or span.first)
        made += extend_horizon([person], Span(first, span.last))
    return made
