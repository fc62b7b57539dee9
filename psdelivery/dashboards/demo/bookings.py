"""The bookings of demo stories: whoever delivers, on days that are free."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from psdelivery.dashboards.demo.story import Story
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from scheduling.capacity_facts import Span, capacities
from scheduling.choices import Hold
from scheduling.models import CapacityDay
from scheduling.services.bookings import Placement, place

# Who delivers, for how many hours in all, and for how many on a day at most.
HOURS: dict[str, tuple[Decimal, Decimal]] = {
    EngagementRole.PM: (Decimal(24), Decimal(2)),
    EngagementRole.PSE: (Decimal(80), Decimal(8)),
    EngagementRole.TC: (Decimal(8), Decimal(1)),
    EngagementRole.TRAINER: (Decimal(16), Decimal(8)),
}
# Nobody looks further than this for free days.
REACH = timedelta(days=90)


def book_team(story: Story, at: datetime) -> None:
    """Book those who deliver hard, now that the gate is open."""
    start = story.engagement.wished_start
    if start is None:
        return
    for member in story.engagement.team.filter(role__in=HOURS).order_by("pk"):
        if member.person is None:
            continue
        days = free_days(member.person, member.role, start)
        if days:
            wanted = Placement(
                engagement=story.engagement,
                role=member.role,
                hold=Hold.HARD,
                person=member.person,
                days=days,
            )
            place(wanted, by=story.coordinator, now=at)


def free_days(person: User, role: str, start: date) -> dict[date, Decimal]:
    """Return the hours by day that the role takes, from the first free day on."""
    span = Span(start, start + REACH)
    known = capacities([person], span)[person.pk]
    taken = hard_by_day(person, span)
    free = {day: one.hours - taken.get(day, Decimal(0)) for day, one in known.items()}
    return taken_in_turn(free, *HOURS[role])


def hard_by_day(person: User, span: Span) -> dict[date, Decimal]:
    """Return the hours that are booked hard already."""
    rows = CapacityDay.objects.filter(person=person, day__range=(span.first, span.last))
    return dict(rows.values_list("day", "hard"))


def taken_in_turn(
    free: Mapping[date, Decimal], total: Decimal, at_most: Decimal
) -> dict[date, Decimal]:
    """Take hours day by day, at most so many of each, until there are enough."""
    taken: dict[date, Decimal] = {}
    for day in sorted(free):
        hours = min(free[day], at_most, total)
        if hours > 0:
            taken[day] = hours
            total -= hours
    return taken
