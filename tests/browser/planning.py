"""What is asked for and booked in the office of the browser tests."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from engagements.choices import Booking
from engagements.models import Engagement
from psdelivery.people.choices import EngagementRole, Role, TimeOffKind
from psdelivery.people.rules.time_off import TimeOffDraft
from psdelivery.people.services import enter_time_off
from scheduling.choices import Hold, RequestKind
from scheduling.models import (
    Allocation,
    ConflictCase,
    ExtraDay,
    HostAccount,
    Offer,
    ResourceRequest,
)
from scheduling.rules.extra_days import ExtraDayDraft
from scheduling.services.bookings import place
from scheduling.services.extra_days import ask_for_extra_day
from scheduling.services.offers import offer_ways
from scheduling.services.requests import Wish, send_request
from tests.browser.hours import Hours, hours_of
from tests.cast import Cast
from tests.factories.people import UserFactory
from tests.factories.scheduling import wanted, workdays
from tests.scheduling.asking import way_of

MONDAY = date(2027, 3, 15)
WEEK = (MONDAY, MONDAY + timedelta(days=4))


@dataclass
class Planning:
    """Requests, an offer, bookings, and what facts made of one of them."""

    asked: ResourceRequest
    inquiry: ResourceRequest
    booking: Allocation
    conflict: ConflictCase
    extra: ExtraDay
    host: HostAccount
    hold: Allocation
    offered: ResourceRequest
    offer: Offer
    hours: Hours


def planning_of(people: Cast, engagement: Engagement, now: datetime) -> Planning:
    """The project manager has asked twice; the engineer is booked for a week."""
    pm = people[Role.PM]
    booking = wanted(
        people[Role.PSE], engagement, hold=Hold.HARD, days=workdays(MONDAY, hours=6)
    )
    next_week = workdays(MONDAY + timedelta(days=7))
    hold = wanted(people[Role.PSE], engagement, days=next_week)
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
    offered = ResourceRequest(
        kind=RequestKind.ENGAGEMENT,
        engagement=engagement,
        role=EngagementRole.TRAINER,
        hours_per_day=Decimal(8),
        requested_by=pm,
    )
    offered = send_request(offered, wish, by=pm, now=now)
    people_offered = (people[Role.TRAINER], people[Role.TECHNICAL_ARCHITECT])
    ways = [way_of(offered, one) for one in people_offered]
    offers = offer_ways(offered, ways, by=people[Role.COORDINATOR], now=now)
    return Planning(
        asked=send_request(asked, wish, by=pm, now=now),
        inquiry=send_request(inquiry, wish, by=pm, now=now),
        booking=place(booking, by=people[Role.COORDINATOR], now=now),
        conflict=conflict_of(engagement, now),
        extra=extra_day_of(people, engagement, now),
        host=HostAccount.objects.create(name="PS webinar 1", has_webinars=True),
        hold=place(hold, by=people[Role.COORDINATOR], now=now),
        offered=offered,
        offer=offers[0],
        hours=hours_of(people, engagement, now),
    )


def conflict_of(engagement: Engagement, now: datetime) -> ConflictCase:
    """Somebody else who was booked for the week falls ill for two days of it."""
    ill = UserFactory(first_name="Ida", last_name="Ill", roles=[Role.PSE])
    place(wanted(ill, engagement, hold=Hold.HARD), by=None, now=now)
    draft = TimeOffDraft(
        kind=TimeOffKind.SICKNESS,
        starts_on=MONDAY,
        ends_on=MONDAY + timedelta(days=1),
    )
    enter_time_off(ill, draft, by=None, now=now)
    return ConflictCase.objects.get(person=ill)


def extra_day_of(people: Cast, engagement: Engagement, now: datetime) -> ExtraDay:
    """The coordinator asks the engineer for a Saturday."""
    draft = ExtraDayDraft(
        person=people[Role.PSE],
        day=MONDAY + timedelta(days=5),
        hours=Decimal(6),
        kind="weekend",
        reason="Go-live",
    )
    by = people[Role.COORDINATOR]
    return ask_for_extra_day(draft, engagement=engagement, by=by, now=now)
