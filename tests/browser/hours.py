"""The hours of the office's week."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from engagements.choices import Kind, Status
from engagements.models import Engagement
from psdelivery.people.choices import EngagementRole, Role
from scheduling.choices import Hold
from scheduling.models import HoursImport, HoursPart, HoursWeek
from scheduling.services.bookings import place
from scheduling.services.hours.confirming import TypedRow, confirm_week
from tests.cast import Cast
from tests.factories.engagements import EngagementFactory
from tests.factories.scheduling import wanted, workdays

# The week of the office's Wednesday.
MONDAY, FRIDAY = date(2027, 3, 1), date(2027, 3, 5)

ROW = {
    "person": "a@example.com",
    "engagement": "7",
    "date": "2027-03-01",
    "hours": "8",
    "key": "t-1",
}


@dataclass
class Hours:
    """A week that the coordinator has still to confirm, and hours to approve."""

    week: HoursWeek
    part: HoursPart
    file: HoursImport


def hours_of(people: Cast, engagement: Engagement, now: datetime) -> Hours:
    """The coordinator is booked for two hours a day."""
    coordinator = people[Role.COORDINATOR]
    days = workdays(MONDAY, hours=Decimal(2))
    booking = wanted(
        coordinator, engagement, role=EngagementRole.PC, hold=Hold.HARD, days=days
    )
    place(booking, by=coordinator, now=now)
    trainer = people[Role.TRAINER]
    week = HoursWeek.objects.create(person=trainer, ends_on=FRIDAY)
    rows = [TypedRow(internal_of(people, now), workdays(MONDAY, 2), "Grading")]
    confirm_week(week, rows, version=None, by=trainer, now=now)
    return Hours(
        week=HoursWeek.objects.create(person=coordinator, ends_on=FRIDAY),
        part=HoursPart.objects.get(week=week),
        file=HoursImport.objects.create(
            file_name="psa.csv",
            rows=[[2, ROW]],
            covered_until=FRIDAY,
            uploaded_at=now,
            uploaded_by=coordinator,
        ),
    )


def internal_of(people: Cast, now: datetime) -> Engagement:
    """The standing engagement for internal time."""
    return EngagementFactory(
        title="Creditable time",
        kind=Kind.INTERNAL,
        status=Status.ACTIVE,
        status_since=now,
        region=people[Role.COORDINATOR].region,
    )
