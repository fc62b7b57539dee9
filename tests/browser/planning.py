"""What is asked for and booked in the office of the browser tests."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from engagements.choices import Booking
from engagements.models import Engagement
from psdelivery.people.choices import EngagementRole, Role
from scheduling.choices import Hold, RequestKind
from scheduling.models import Allocation, ResourceRequest
from scheduling.services.bookings import place
from scheduling.services.requests import Wish, send_request
from tests.cast import Cast
from tests.factories.scheduling import wanted, workdays

MONDAY = date(2027, 3, 15)
WEEK = (MONDAY, MONDAY + timedelta(days=4))


@dataclass
class Planning:
    """A request that waits, an inquiry, and a booking that stands."""

    asked: ResourceRequest
    inquiry: ResourceRequest
    booking: Allocation


def planning_of(people: Cast, engagement: Engagement, now: datetime) -> Planning:
    """The project manager has asked twice; the engineer is booked for a week."""
    pm = people[Role.PM]
    booking = wanted(
        people[Role.PSE], engagement, hold=Hold.HARD, days=workdays(MONDAY, hours=6)
    )
    asked = ResourceRequest(
        kind=RequestKind.ENGAGEMENT,
        engagement=engagement,
        role=EngagementRole.PSE,
        booking=Booking.HARD,
        hours_total=Decimal(40),
        note="The **runner** is theirs.",
        requested_by=pm,
    )
    inquiry = ResourceRequest(
        kind=RequestKind.PLANNING,
        about="Migration for a new customer",
        role=EngagementRole.PSE,
        hours_per_day=Decimal(8),
        requested_by=pm,
    )
    wish = Wish(ranges=[WEEK])
    return Planning(
        asked=send_request(asked, wish, by=pm, now=now),
        inquiry=send_request(inquiry, wish, by=pm, now=now),
        booking=place(booking, by=people[Role.COORDINATOR], now=now),
    )
