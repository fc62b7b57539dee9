"""Candidates and ways out, among many people with a year of bookings."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from statistics import median
from time import perf_counter

from django.db import connection

from engagements.models import Engagement
from psdelivery.dashboards.bench.data import register, tidy_up
from psdelivery.dashboards.bench.figures import StaffingFigure, StaffingsFigure
from psdelivery.dashboards.bench.pages import count_queries
from psdelivery.dashboards.bench.scans import database_words
from psdelivery.dashboards.demo.people import make_cast
from psdelivery.dashboards.demo.seeding import load_what_is_missing
from psdelivery.people.choices import Role
from psdelivery.people.models import RoleGrant, User
from scheduling.choices import Hold, RequestBall, RequestKind, RequestState
from scheduling.models import Allocation, CapacityDay, RequestRange, ResourceRequest
from scheduling.queries.matching import Wishes, candidates_for, matching_for

YEAR = 365
FULL_DAY = Decimal(8)
# A person's bookings: hard in one of five strengths by the week, soft in every sixth.
FILL_DAYS = """
INSERT INTO scheduling_capacityday
  (person_id, day, capacity, hard, soft, overbooked, off)
SELECT u.id, d.day, d.capacity,
  CASE WHEN d.capacity > 0 THEN ((u.id * 13 + d.id / 7 * 7) %% 5) * 2 ELSE 0 END,
  CASE WHEN d.capacity > 0 AND (u.id + d.id / 7) %% 6 = 0 THEN 4 ELSE 0 END,
  d.overbooked, d.off
FROM scheduling_capacityday d
CROSS JOIN people_user u WHERE d.person_id = %s AND u.id <> %s
"""
FILL_BOOKINGS = """
INSERT INTO scheduling_allocationday (allocation_id, person_id, day, hours, hold)
SELECT a.id, a.person_id, c.day,
  CASE WHEN a.hold = 'hard' THEN c.hard ELSE c.soft END, a.hold
FROM scheduling_allocation a JOIN scheduling_capacityday c ON c.person_id = a.person_id
WHERE (a.hold = 'hard' AND c.hard > 0) OR (a.hold = 'soft' AND c.soft > 0)
"""


def measure_staffing(people: int, runs: int, now: datetime) -> StaffingsFigure:
    """Return how long the search takes for a request whose person is not free."""
    asked = request_among(people, now)
    tidy_up()
    searches: dict[str, Callable[[], object]] = {
        "candidates": lambda: candidates_for(fresh(asked), Wishes()),
        "and ways out": lambda: matching_for(fresh(asked), Wishes(), now=now),
    }
    return StaffingsFigure(
        database_words(),
        [measured(title, search, runs) for title, search in searches.items()],
    )


def measured(title: str, search: Callable[[], object], runs: int) -> StaffingFigure:
    """Return the median of some runs, after one to warm up."""
    queries = count_queries(search)
    seconds = [timed(search) for _run in range(runs)]
    people = RoleGrant.objects.filter(role=Role.PSE).count()
    return StaffingFigure(
        title, people, Allocation.objects.count(), median(seconds), queries
    )


def timed(search: Callable[[], object]) -> float:
    """Return the seconds of a search."""
    start = perf_counter()
    search()
    return perf_counter() - start


def fresh(asked: ResourceRequest) -> ResourceRequest:
    """Return the request as a page reads it, without what was read before."""
    rows = ResourceRequest.objects.select_related("engagement__customer", "person")
    return rows.select_related("allocation").get(pk=asked.pk)


def request_among(people: int, now: datetime) -> ResourceRequest:
    """Write the people with a year each, and ask for one of them for two weeks."""
    load_what_is_missing()
    register(make_cast(Random(1), 1), 1, now)
    engagement = Engagement.objects.latest("pk")
    staff = make_staff(people)
    first = (now + timedelta(days=1)).date()
    fill_year(staff, engagement, first, now)
    asked = ResourceRequest.objects.create(
        kind=RequestKind.ENGAGEMENT,
        state=RequestState.UNDER_REVIEW,
        ball_with=RequestBall.COORDINATION,
        engagement=engagement,
        role="pse",
        booking="hard",
        hours_per_day=FULL_DAY,
        person=staff[-1],
        requested_by=staff[0],
        created_at=now,
        ball_since=now,
    )
    starts = first + timedelta(days=60)
    RequestRange.objects.create(
        request=asked, starts_on=starts, ends_on=starts + timedelta(days=13)
    )
    return asked


def make_staff(people: int) -> list[User]:
    """Write so many engineers."""
    User.objects.bulk_create(
        [
            User(
                username=f"bench-{number}",
                first_name=f"Bench{number}",
                last_name=f"Graf{number}",
                email=f"bench-{number}@example.com",
            )
            for number in range(people)
        ],
        batch_size=500,
    )
    staff = list(User.objects.filter(username__startswith="bench-").order_by("pk"))
    RoleGrant.objects.bulk_create(
        [RoleGrant(user=one, role=Role.PSE) for one in staff], batch_size=500
    )
    return staff


def fill_year(
    staff: list[User], engagement: Engagement, first: date, now: datetime
) -> None:
    """Write a year of days and bookings of everybody; the days inside the database."""
    days = [first + timedelta(days=number) for number in range(YEAR)]
    one = staff[0]
    CapacityDay.objects.bulk_create(
        CapacityDay(person=one, day=day, capacity=FULL_DAY if day.weekday() < 5 else 0)
        for day in days
    )
    with connection.cursor() as cursor:
        cursor.execute(FILL_DAYS, [one.pk, one.pk])
    usual = {"engagement": engagement, "role": "pse", "hours": FULL_DAY}
    Allocation.objects.bulk_create(
        [
            Allocation(
                person=person,
                hold=hold,
                starts_on=days[0],
                ends_on=days[-1],
                placed_at=now,
                changed_at=now,
                expires_at=now if hold == Hold.SOFT else None,
                **usual,
            )
            for person in staff
            for hold in (Hold.HARD, Hold.SOFT)
        ],
        batch_size=300,
    )
    with connection.cursor() as cursor:
        cursor.execute(FILL_BOOKINGS)
