"""The bookings of copied stories: drawn in memory, written in bulk.

The stories book through the portal's services, a few bookings a second; thousands of
copies are booked here by the same rules. Hard only where the told story was, and never
more than a day of the person has (R-2, R-6); the days of people hold the sums of the
bookings, and the team says what is booked.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from engagements.choices import Status
from engagements.models import Engagement, TeamMember
from psdelivery.dashboards.demo.bookings import HOURS, taken_in_turn
from psdelivery.history.services import EventDraft, record_many
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.people.register import portal_settings
from scheduling.capacity_facts import Span, capacities
from scheduling.choices import Hold
from scheduling.events import BookedDays
from scheduling.models import Allocation, AllocationDay, CapacityDay
from scheduling.rules.booking import soft_hold_ends, summary_of
from scheduling.rules.capacity import DayCapacity
from scheduling.services.bookings import told
from scheduling.settings import SOFT_DAYS

# At most so many hours of a day, drawn for each booking: people work on several
# engagements at a time.
A_DAY: dict[str, tuple[Decimal, ...]] = {
    EngagementRole.PM: (Decimal("0.5"), Decimal("0.5"), Decimal(1)),
    EngagementRole.PSE: (Decimal(1), Decimal(2), Decimal(2), Decimal(4)),
    EngagementRole.TC: (Decimal("0.25"), Decimal("0.5")),
    EngagementRole.TRAINER: (Decimal(1), Decimal(2), Decimal(8)),
}
# Nobody works any more on what is in these states.
ENDED = frozenset({Status.ON_HOLD, Status.CLOSED, Status.COMPLETED})
# Days are held there, and nobody promised them.
HELD = frozenset({Status.PROSPECT, Status.IN_SETUP})
# Soft holds were placed in the last days, so that none is about to end at once.
HELD_FOR = 9
BATCH = 2_000


@dataclass
class Diary:
    """What is free of hard bookings on the days of people, as bookings are drawn."""

    span: Span
    known: dict[int, dict[date, DayCapacity]]
    hard: dict[int, dict[date, Decimal]]

    def free(self, person: User, span: Span) -> dict[date, Decimal]:
        """Return the hours that the person has free on the days of the span."""
        known, hard = self.known[person.pk], self.hard[person.pk]
        return {day: known[day].hours - hard[day] for day in span.days if day in known}

    def take(self, person: User, days: Mapping[date, Decimal]) -> None:
        """Take these hours."""
        for day, hours in days.items():
            self.hard[person.pk][day] += hours


@dataclass
class Booker:
    """Who draws the bookings: dice, the diary, the stories, and what is drawn."""

    random: Random
    now: datetime
    diary: Diary
    # When the told story booked, by engagement and role.
    placed: Mapping[tuple[int, str], datetime]
    coordinators: Mapping[int, User]
    soft_days: int
    bookings: list[Allocation] = field(default_factory=list)
    days: list[AllocationDay] = field(default_factory=list)
    members: list[TeamMember] = field(default_factory=list)
    events: list[EventDraft] = field(default_factory=list)


def book_copies(copies: Mapping[int, int], random: Random, now: datetime) -> None:
    """Book the teams of copies, given by the key of the copy and of its story."""
    members = [
        member
        for member in delivering().order_by("pk")
        if member.engagement_id in copies
    ]
    if not members:
        return
    booker = booker_of(members, copies, random, now)
    for member in members:
        book(booker, member, copies[member.engagement_id])
    write(booker)


def delivering() -> QuerySet[TeamMember]:
    """Return the people of teams who deliver, with their engagements."""
    rows = TeamMember.objects.filter(role__in=HOURS, person__isnull=False)
    return rows.select_related("engagement", "person")


def booker_of(
    members: Collection[TeamMember],
    copies: Mapping[int, int],
    random: Random,
    now: datetime,
) -> Booker:
    """Return who books these people, knowing what they are booked for already."""
    known = Allocation.objects.filter(
        engagement__in=set(copies.values()), hold=Hold.HARD
    )
    rows = known.values_list("engagement_id", "role", "placed_at").order_by("-pk")
    coordinators = TeamMember.objects.filter(
        role=EngagementRole.PC, person__isnull=False
    )
    return Booker(
        random=random,
        now=now,
        diary=diary_of(members),
        placed={(pk, role): at for pk, role, at in rows},
        coordinators={
            one.engagement_id: one.person
            for one in coordinators.select_related("person")
            if one.person is not None
        },
        soft_days=portal_settings()[SOFT_DAYS],
    )


def diary_of(members: Iterable[TeamMember]) -> Diary:
    """Return the days of these people, from the first start to the last end."""
    people = {one.person_id: one.person for one in members if one.person is not None}
    spans = [span for one in members if (span := span_of(one.engagement))]
    span = Span(min(one.first for one in spans), max(one.last for one in spans))
    hard: dict[int, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    rows = CapacityDay.objects.filter(person__in=people, hard__gt=0).order_by()
    for person, day, hours in rows.values_list("person_id", "day", "hard"):
        hard[person][day] = hours
    return Diary(span, capacities(people.values(), span), hard)


def span_of(engagement: Engagement) -> Span | None:
    """Return the days of the engagement's work; None where there are none."""
    first, last = engagement.wished_start, engagement.planned_end
    if first is None or last is None:
        return None
    if engagement.status in ENDED:
        last = min(last, engagement.status_since.date() - timedelta(days=1))
    return Span(first, last) if first <= last else None


def book(booker: Booker, member: TeamMember, story: int) -> None:
    """Book somebody as the story was booked, hold days where it is yet to be won."""
    placed_at = booker.placed.get((story, member.role))
    is_wanted = placed_at is not None or member.engagement.status in HELD
    span = span_of(member.engagement)
    if member.person is None or span is None or not is_wanted:
        return
    total, _usual = HOURS[member.role]
    at_most = booker.random.choice(A_DAY[member.role])
    free = booker.diary.free(member.person, span)
    days = taken_in_turn(free, total, at_most)
    if not days:
        return
    if placed_at is not None:
        booker.diary.take(member.person, days)
        add(booker, member, Hold.HARD, days, placed_at)
    else:
        ago = timedelta(days=booker.random.randrange(1, HELD_FOR))
        since = max(booker.now - ago, member.engagement.created_at)
        add(booker, member, Hold.SOFT, days, since)


def add(
    booker: Booker,
    member: TeamMember,
    hold: Hold,
    days: Mapping[date, Decimal],
    placed_at: datetime,
) -> None:
    """Add a booking with its days, its place in the team and its event."""
    coordinator = booker.coordinators.get(member.engagement_id)
    is_soft = hold == Hold.SOFT
    booking = Allocation(
        engagement=member.engagement,
        role=member.role,
        person=member.person,
        hold=hold,
        starts_on=min(days),
        ends_on=max(days),
        hours=sum(days.values(), Decimal(0)),
        expires_at=soft_hold_ends(placed_at, booker.soft_days) if is_soft else None,
        placed_by=coordinator,
        placed_at=placed_at,
        changed_by=coordinator,
        changed_at=placed_at,
    )
    booker.bookings.append(booking)
    for day, hours in sorted(days.items()):
        row = AllocationDay(person=member.person, day=day, hours=hours, hold=hold)
        row.allocation = booking
        booker.days.append(row)
    say_in_team(booker, member, hold, days)


def say_in_team(
    booker: Booker, member: TeamMember, hold: Hold, days: Mapping[date, Decimal]
) -> None:
    """Let the team say what is booked, as the schedule does."""
    summary = summary_of((hold, day, hours) for day, hours in days.items())
    member.booking, member.first_day = summary.booking, summary.first_day
    member.hours = summary.hours
    booker.members.append(member)


def write(booker: Booker) -> None:
    """Write what was drawn; the days of people then hold the sums of the bookings."""
    Allocation.objects.bulk_create(booker.bookings, batch_size=BATCH)
    AllocationDay.objects.bulk_create(booker.days, batch_size=BATCH)
    TeamMember.objects.bulk_update(
        booker.members, ["booking", "first_day", "hours"], batch_size=300
    )
    record_many(events_of(booker), now=booker.now)
    write_capacity(booker.diary)


def events_of(booker: Booker) -> Iterable[EventDraft]:
    """Yield what the history says of each booking."""
    by_booking: dict[int, dict[date, Decimal]] = defaultdict(dict)
    for row in booker.days:
        by_booking[row.allocation_id][row.day] = row.hours
    for booking in booker.bookings:
        after = BookedDays(booking.person, booking.hold, by_booking[booking.pk])
        yield EventDraft(
            verb="allocation-placed",
            by=booking.placed_by,
            subject=booking,
            engagement=booking.engagement,
            changes=told(booking, BookedDays(), after),
            at=booking.placed_at,
        )


def write_capacity(diary: Diary) -> None:
    """Make the days that have no row yet, and sum the bookings of all of them."""
    rows = [
        CapacityDay(person_id=person, day=day, capacity=one.hours, off=one.off)
        for person, days in diary.known.items()
        for day, one in days.items()
    ]
    CapacityDay.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    touched = CapacityDay.objects.filter(
        person__in=list(diary.known), day__range=(diary.span.first, diary.span.last)
    )
    touched.update(hard=booked(Hold.HARD), soft=booked(Hold.SOFT, Hold.OFFER))


def booked(*holds: Hold) -> Coalesce:
    """Return the hours booked in these ways on a day of somebody, for an update."""
    days = AllocationDay.objects.filter(
        person=OuterRef("person"), day=OuterRef("day"), hold__in=holds
    )
    sums = days.order_by().values("person").annotate(sum=Sum("hours")).values("sum")
    return Coalesce(Subquery(sums), Decimal(0))
