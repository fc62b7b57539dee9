"""What is asked for, held and in conflict in the demo's schedule."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from engagements.choices import Booking, Kind, Status
from engagements.models import Engagement
from psdelivery.calendars import Calendar, add_business_days
from psdelivery.dashboards.demo.bookings import free_days
from psdelivery.dashboards.demo.people import Cast
from psdelivery.people.choices import EngagementRole, Role, TimeOffKind
from psdelivery.people.models import Skill, User
from psdelivery.people.rules.time_off import TimeOffDraft
from psdelivery.people.services import enter_time_off
from psdelivery.registry import RuleRefused
from scheduling.choices import Hold, RequestKind
from scheduling.models import Allocation, HostAccount, Partner, ResourceRequest
from scheduling.services.bookings import Placement, place
from scheduling.services.horizon import look_ahead
from scheduling.services.requests import Wish, send_request

# A usual working week stands for all calendars: these are wishes, not deadlines.
CALENDAR = Calendar("Europe/Berlin")
HOSTS = ("PS webinar 1", "PS webinar 2", "PS meeting 1")


@dataclass(frozen=True)
class Desk:
    """Who asks and who schedules, at the demo's present."""

    cast: Cast
    now: datetime

    def first(self, role: Role) -> User:
        """Return the person whose log-in is on the first page."""
        return self.cast.by_role[role][0]

    def day(self, count: int) -> date:
        """Return the working day so many working days from today."""
        return add_business_days(self.now.date(), count, CALENDAR)

    def week(self, count: int) -> tuple[date, date]:
        """Return five working days that begin so many working days from today."""
        return self.day(count), self.day(count + 4)


def plan(cast: Cast, now: datetime) -> None:
    """Fill the schedule: requests, holds, demand without a name, a conflict."""
    desk = Desk(cast, now)
    for name in HOSTS:
        HostAccount.objects.create(name=name, has_webinars="webinar" in name)
    running = list(work(Status.ACTIVE)[:6])
    waiting = list(work(Status.OKAY_TO_START, Status.IN_SETUP)[:6])
    for tell in (ask, hold, leave_unnamed, fall_ill):
        tell(desk, [*running, *waiting])
    while look_ahead(now, limit=50):
        pass


def work(*statuses: str) -> QuerySet[Engagement]:
    """Return customer work in these states that people can be booked on."""
    kinds = (Kind.CONSULTING, Kind.BLENDED)
    rows = Engagement.objects.filter(status__in=statuses, kind__in=kinds)
    return rows.select_related("customer", "region", "checklist").order_by("pk")


def ask(desk: Desk, engagements: Sequence[Engagement]) -> None:
    """The project manager asks for an engineer twice, and what a plan would cost."""
    pm = desk.first(Role.PM)
    skill = Skill.objects.filter(is_active=True).order_by("pk").first()
    skills = [(skill, 3)] if skill else []
    for number, engagement in enumerate(engagements[:2]):
        asked = ResourceRequest(
            kind=RequestKind.ENGAGEMENT,
            engagement=engagement,
            role=EngagementRole.PSE,
            booking=Booking.HARD if number == 0 else Booking.SOFT,
            hours_total=Decimal(40) if number == 0 else None,
            hours_per_day=None if number == 0 else Decimal(4),
            note="The same person for the whole week, please.",
            requested_by=pm,
        )
        wish = Wish(ranges=[desk.week(10 + 5 * number)], skills=skills)
        send_request(asked, wish, by=pm, now=desk.now - timedelta(hours=30 - number))
    inquiry = ResourceRequest(
        kind=RequestKind.PLANNING,
        about="Migration of 400 projects for a new customer",
        role=EngagementRole.PSE,
        hours_per_day=Decimal(8),
        requested_by=desk.first(Role.EM),
    )
    wish = Wish(ranges=[(desk.day(30), desk.day(49))])
    send_request(inquiry, wish, by=inquiry.requested_by, now=desk.now)


def hold(desk: Desk, engagements: Sequence[Engagement]) -> None:
    """Two soft holds: a fresh one, and one that ends in the next days."""
    engineers = desk.cast.by_role[Role.PSE]
    for number, engagement in enumerate(engagements[2:6]):
        engineer = engineers[number % len(engineers)]
        days = free_days(engineer, EngagementRole.PSE, desk.day(15 + 5 * number))
        wanted = Placement(
            engagement=engagement,
            role=EngagementRole.PSE,
            hold=Hold.SOFT,
            person=engineer,
            days=dict(sorted(days.items())[:5]),
        )
        place_if_allowed(desk, wanted, days_ago=12 if number % 2 else 1)


def leave_unnamed(desk: Desk, engagements: Sequence[Engagement]) -> None:
    """Demand that nobody has a name for yet, and a consultant of a partner."""
    partner = Partner.objects.create(
        company="Nordlicht Consulting",
        authorisation_url="https://example.com/work-authorisation/7",
        amount=Decimal(24_000),
        currency="EUR",
        ends_on=desk.day(90),
    )
    for number, engagement in enumerate(engagements[:3]):
        start = desk.day(20 + 5 * number)
        days = {add_business_days(start, n, CALENDAR): Decimal(8) for n in range(5)}
        is_partner = number == 2
        wanted = Placement(
            engagement=engagement,
            role=EngagementRole.PSE,
            hold=Hold.SOFT,
            unnamed="Consultant" if is_partner else "Unnamed engineer",
            partner=partner if is_partner else None,
            days=days,
        )
        place_if_allowed(desk, wanted)


def fall_ill(desk: Desk, engagements: Sequence[Engagement]) -> None:
    """Somebody who is booked hard in the next days falls ill for two of them."""
    coming = Allocation.objects.active().filter(
        hold=Hold.HARD,
        role=EngagementRole.PSE,
        person__isnull=False,
        days__day__gte=desk.day(1),
        days__day__lte=desk.day(10),
    )
    booking = coming.exclude(person=desk.first(Role.PSE)).order_by("pk").first()
    if booking is None or booking.person is None:
        return
    rows = booking.days.filter(day__gte=desk.day(1)).order_by("day")
    days = list(rows.values_list("day", flat=True)[:2])
    draft = TimeOffDraft(
        kind=TimeOffKind.SICKNESS,
        starts_on=min(days),
        ends_on=max(days),
        deputy=desk.first(Role.PSE),
    )
    # Who is away on these days already cannot fall ill there once more.
    with suppress(RuleRefused):
        enter_time_off(
            booking.person, draft, by=desk.first(Role.COORDINATOR), now=desk.now
        )


def place_if_allowed(desk: Desk, wanted: Placement, *, days_ago: int = 0) -> None:
    """Book, or leave it out where a rule refuses: the stories differ by the day."""
    at = desk.now - timedelta(days=days_ago)
    with suppress(RuleRefused):
        place(wanted, by=desk.first(Role.COORDINATOR), now=at)
