"""Weeks of hours in the world of the fuzzed forms."""

from datetime import date, timedelta
from decimal import Decimal

from engagements.models import Engagement
from scheduling.choices import Hold
from scheduling.hours_access import deciding_of
from scheduling.models import HoursImport, HoursPart, HoursWeek
from scheduling.services.hours.approving import approve
from scheduling.services.hours.confirming import TypedRow, confirm_week
from tests.factories.engagements import NOW
from tests.factories.scheduling import booked

# The Friday of the world's week; it began on its Saturday.
ENDS_ON = date(2027, 2, 5)


def make_hours(people):
    """A week of mine that waits, and hours of others: some wait, some are approved."""
    me = people["me"]
    standing = Engagement.objects.get(title="Creditable time")
    days = {NOW.date() + timedelta(days=n): Decimal(8) for n in range(2)}
    booked(me, standing, hold=Hold.HARD, days=days, now=NOW)
    colleague, trainer = people["colleague"], people["trainer"]
    rows = [TypedRow(standing, days)]
    for person in (colleague, trainer):
        week = HoursWeek.objects.create(person=person, ends_on=ENDS_ON)
        confirm_week(week, rows, version=None, by=person, now=NOW)
    waiting, approved = HoursPart.objects.order_by("pk")
    approve(approved, None, deciding_of(me, NOW))
    return {
        "hours_week": HoursWeek.objects.create(person=me, ends_on=ENDS_ON),
        "hours_waiting": waiting,
        "hours_approved": approved,
        "hours_file": HoursImport.objects.create(
            file_name="psa.csv",
            covered_until=ENDS_ON,
            uploaded_at=NOW,
            uploaded_by=me,
        ),
    }
