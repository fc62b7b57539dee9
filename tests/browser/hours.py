"""The hours of the office's week."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from engagements.models import Engagement
from psdelivery.people.choices import EngagementRole, Role
from scheduling.choices import Hold
from scheduling.models import HoursWeek
from scheduling.services.bookings import place
from tests.cast import Cast
from tests.factories.scheduling import wanted, workdays

# The week of the office's Wednesday.
MONDAY, FRIDAY = date(2027, 3, 1), date(2027, 3, 5)


@dataclass
class Hours:
    """A week that the coordinator has still to confirm."""

    week: HoursWeek


def hours_of(people: Cast, engagement: Engagement, now: datetime) -> Hours:
    """The coordinator is booked for two hours a day."""
    coordinator = people[Role.COORDINATOR]
    days = workdays(MONDAY, hours=Decimal(2))
    booking = wanted(
        coordinator, engagement, role=EngagementRole.PC, hold=Hold.HARD, days=days
    )
    place(booking, by=coordinator, now=now)
    return Hours(week=HoursWeek.objects.create(person=coordinator, ends_on=FRIDAY))
