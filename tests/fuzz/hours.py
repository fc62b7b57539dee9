"""Weeks of hours in the world of the fuzzed forms."""

from datetime import date, timedelta
from decimal import Decimal

from engagements.models import Engagement
from scheduling.choices import Hold
from scheduling.models import HoursWeek
from tests.factories.engagements import NOW
from tests.factories.scheduling import booked

# The Friday of the world's week; it began on its Saturday.
ENDS_ON = date(2027, 2, 5)


def make_hours(people):
    """A week of mine in which I am booked on two days for internal work."""
    me = people["me"]
    standing = Engagement.objects.get(title="Creditable time")
    days = {NOW.date() + timedelta(days=n): Decimal(8) for n in range(2)}
    booked(me, standing, hold=Hold.HARD, days=days, now=NOW)
    return {"hours_week": HoursWeek.objects.create(person=me, ends_on=ENDS_ON)}
