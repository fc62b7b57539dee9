"""A planned half year of many people, written in bulk: the data of the board's bench.

The hours on the days of capacity are those of the bookings, as the services keep them.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from engagements.choices import Booking, Kind, Status
from engagements.models import Engagement
from psdelivery.dashboards.demo import names
from psdelivery.dashboards.demo.people import Cast, make_cast
from psdelivery.dashboards.demo.seeding import load_what_is_missing
from psdelivery.dashboards.demo.staff import make_skills, make_staff_facts
from psdelivery.people.choices import EngagementRole, Role, SkillLevel
from psdelivery.people.models import RoleGrant, Skill, User
from scheduling.capacity_facts import Span, capacities
from scheduling.choices import (
    BoardPart,
    Hold,
    RequestBall,
    RequestKind,
    RequestState,
)
from scheduling.models import (
    Allocation,
    AllocationDay,
    BoardChange,
    CapacityDay,
    RequestRange,
    RequestSkill,
    ResourceRequest,
)
from scheduling.queries.board import BOOKABLE
from scheduling.rules.board import monday_of
from scheduling.rules.capacity import DayCapacity

WEEKS = 26
# One engagement for so many people, and unnamed demand beside it.
PEOPLE_EACH = 3
UNNAMED_EACH = 25
# Rows that changed a moment ago.
NEWS = 10
ROWS_AT_ONCE = 5_000
PEOPLE_AT_ONCE = 250
# Nobody logs in with it.
UNUSABLE = "!"
HOURS = (Decimal(4), Decimal(6), Decimal(8))
KINDS = [kind for kind in Kind if kind is not Kind.INTERNAL]


@dataclass
class Plan:
    """Bookings and days of some people, before they are written."""

    random: Random
    engagements: list[Engagement]
    now: datetime
    bookings: list[Allocation] = field(default_factory=list)
    days: list[AllocationDay] = field(default_factory=list)
    capacity: list[CapacityDay] = field(default_factory=list)


def fill_planning(people: int, now: datetime) -> int:
    """Write the bookings of so many people, unless there are some; return how many."""
    if not Allocation.objects.exists():
        load_what_is_missing()
        cast = make_cast(Random(1), 60)
        make_staff_facts(cast, Random(2), now)
        staff = on_board(cast)
        everybody = [*staff, *make_more(cast, max(people - len(staff), 0), now)]
        engagements = make_engagements(cast, people // PEOPLE_EACH, now)
        plan_all(everybody, engagements, now)
        ask_for_one(engagements[0], cast, now)
        note_changes(everybody[:NEWS], now)
    return AllocationDay.objects.count()


def ask_for_one(engagement: Engagement, cast: Cast, now: datetime) -> None:
    """Ask for an engineer of a skill, for the third of the weeks."""
    asked = ResourceRequest.objects.create(
        kind=RequestKind.ENGAGEMENT,
        state=RequestState.SUBMITTED,
        engagement=engagement,
        role=EngagementRole.PSE,
        booking=Booking.HARD,
        hours_per_day=Decimal(8),
        requested_by=cast.by_role[Role.PM][0],
        created_at=now,
        submitted_at=now,
        ball_with=RequestBall.COORDINATION,
        ball_since=now,
    )
    monday = span_at(now).first + timedelta(days=14)
    RequestRange.objects.create(
        request=asked, starts_on=monday, ends_on=monday + timedelta(days=4)
    )
    known = Skill.objects.filter(people__confirmed_on__isnull=False)
    skill = known.order_by("pk")[0]
    RequestSkill.objects.create(request=asked, skill=skill, level=SkillLevel.LEARNING)


def note_changes(people: list[User], now: datetime) -> None:
    """Let the rows of some people have changed a moment ago."""
    BoardChange.objects.bulk_create(
        BoardChange(part=BoardPart.ROW, person=person, at=now) for person in people
    )


def on_board(cast: Cast) -> list[User]:
    """Return those of the cast who stand on the board."""
    return [user for role in BOOKABLE for user in cast.by_role.get(role, [])]


def make_more(cast: Cast, count: int, now: datetime) -> list[User]:
    """Make more engineers and trainers, spread over regions and practices."""
    random, regions = Random(3), list(cast.regions.values())
    people = [
        User(
            username=f"planned-{number}",
            first_name=random.choice(names.FIRST_NAMES),
            last_name=random.choice(names.LAST_NAMES),
            email=f"planned-{number}@psdelivery.example",
            password=UNUSABLE,
            zone=(region := regions[number % len(regions)]).zone,
            country=region.country,
            subdivision=region.subdivision,
            region=region,
            practice=(practice := random.choice(cast.practices)),
            manager=practice.manager,
        )
        for number in range(count)
    ]
    User.objects.bulk_create(people, batch_size=500)
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=Role.TRAINER if user.pk % 5 == 0 else Role.PSE)
        for user in people
    )
    make_skills(people, random, now.date())
    return people


def make_engagements(cast: Cast, count: int, now: datetime) -> list[Engagement]:
    """Make engagements that bookings can be for; they have nothing else."""
    random, products = Random(4), list(names.PRODUCTS.values())
    rows = [
        Engagement(
            title=random.choice(random.choice(products))[0],
            customer=cast.homes[number % len(cast.homes)],
            kind=random.choice(KINDS),
            status=Status.ACTIVE,
            status_since=now,
            ball_since=now,
            created_at=now,
            region=random.choice(list(cast.regions.values())),
            practice=random.choice(cast.practices),
        )
        for number in range(max(count, 1))
    ]
    return Engagement.objects.bulk_create(rows, batch_size=500)


def plan_all(people: list[User], engagements: list[Engagement], now: datetime) -> None:
    """Book everybody, some people at a time so that the memory stays bounded."""
    span = span_at(now)
    for start in range(0, len(people), PEOPLE_AT_ONCE):
        some = people[start : start + PEOPLE_AT_ONCE]
        plan = Plan(Random(start), engagements, now)
        for person, known in zip(some, capacities(some, span).values(), strict=True):
            plan_person(plan, person, known)
        for number in range(len(some) // UNNAMED_EACH):
            plan_unnamed(plan, span.first + timedelta(days=number % 60))
        write(plan)


def span_at(now: datetime) -> Span:
    """Return the days that are planned."""
    first = monday_of(now.date())
    return Span(first, first + timedelta(days=7 * WEEKS - 1))


def plan_person(plan: Plan, person: User, known: dict[date, DayCapacity]) -> None:
    """Book one person for some weeks at a time; the days are what the bookings say."""
    hard: dict[date, Decimal] = defaultdict(Decimal)
    soft: dict[date, Decimal] = defaultdict(Decimal)
    for days, hours, hold in drawn(plan.random, sorted(known)):
        taken = hard if hold == Hold.HARD else soft
        booked = {
            day: hours
            for day in days
            if known[day].hours >= hours
            and (hold != Hold.HARD or known[day].hours >= hours + hard[day])
        }
        for day, more in booked.items():
            taken[day] += more
        add_booking(plan, person, hold, booked)
    plan.capacity += [
        CapacityDay(
            person=person,
            day=day,
            capacity=one.hours,
            off=one.off,
            hard=hard[day],
            soft=soft[day],
        )
        for day, one in known.items()
    ]


def drawn(
    random: Random, days: list[date]
) -> Iterator[tuple[list[date], Decimal, Hold]]:
    """Draw bookings one after the other, now and then two at a time."""
    start = random.randrange(0, 12)
    while start < len(days):
        length = random.choice((5, 5, 12, 12, 19, 33))
        hold = Hold.SOFT if random.random() < 0.3 else Hold.HARD
        yield days[start : start + length], random.choice(HOURS), hold
        start += random.choice((length // 2, length, length + 2, length + 7))


def add_booking(
    plan: Plan, person: User | None, hold: Hold, days: dict[date, Decimal]
) -> None:
    """Add a booking with its days, where it has any."""
    if not days:
        return
    booking = Allocation(
        engagement=plan.random.choice(plan.engagements),
        role=EngagementRole.PSE,
        person=person,
        unnamed="" if person else "Engineer",
        hold=hold,
        starts_on=min(days),
        ends_on=max(days),
        hours=sum(days.values(), Decimal(0)),
        expires_at=None if hold == Hold.HARD else plan.now + timedelta(days=14),
        placed_at=plan.now,
        changed_at=plan.now,
    )
    plan.bookings.append(booking)
    plan.days += [
        AllocationDay(
            allocation=booking, person=person, day=day, hours=hours, hold=hold
        )
        for day, hours in days.items()
    ]


def plan_unnamed(plan: Plan, first: date) -> None:
    """Book two weeks for somebody who is still looked for."""
    days = [first + timedelta(days=number) for number in range(14)]
    workdays = [day for day in days if day.weekday() < 5]
    add_booking(plan, None, Hold.SOFT, dict.fromkeys(workdays, Decimal(8)))


def write(plan: Plan) -> None:
    """Write what was planned."""
    Allocation.objects.bulk_create(plan.bookings, batch_size=ROWS_AT_ONCE)
    AllocationDay.objects.bulk_create(plan.days, batch_size=ROWS_AT_ONCE)
    CapacityDay.objects.bulk_create(plan.capacity, batch_size=ROWS_AT_ONCE)
