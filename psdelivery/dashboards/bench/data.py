"""The data that the bench measures on, in a database of its own."""

from datetime import datetime, timedelta
from math import ceil
from random import Random
from typing import Any

from django.db import connection

from engagements.choices import Kind
from engagements.models import Engagement, Paper, TeamMember
from engagements.services.intake import Intake, register_engagement
from psdelivery.dashboards.demo.people import Cast, make_cast
from psdelivery.dashboards.demo.seeding import load_what_is_missing, seed
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.definitions import default_reminders
from psdelivery.playbooks.models import Step

# Steps are made by multiplying those of so many engagements.
SOURCES = 100
LONG_AGO = timedelta(days=60)
FAR_AHEAD = timedelta(days=40)


def fill(engagements: int, now: datetime) -> None:
    """Write the demo data, unless they are there from an earlier run."""
    if not Engagement.objects.exists():
        seed(engagements, 1, now=now)


def fill_with_steps(wanted: int, now: datetime) -> int:
    """Write so many steps, half of them done and none due yet; return how many."""
    if Step.objects.exists():
        return Step.objects.count()
    load_what_is_missing()
    cast = make_cast(Random(1), SOURCES)
    for number in range(min(SOURCES, max(1, wanted // 60))):
        register(cast, number, now - LONG_AGO)
    Step.objects.open().update(next_reminder_at=None)
    there = Step.objects.count()
    for turn in range(1, ceil(wanted / there)):
        repeat_steps(turn, now)
    return Step.objects.count()


def register(cast: Cast, number: int, at: datetime) -> None:
    """Register one engagement with its team."""
    random = Random(number)
    customer = cast.homes[number % len(cast.homes)]
    region = cast.region_of(customer)
    engagement = Engagement(
        title=f"Bench {number}",
        customer=customer,
        kind=Kind.CONSULTING,
        region=region,
        practice=cast.practices[0],
        wished_start=(at + timedelta(days=30)).date(),
        planned_end=(at + timedelta(days=400)).date(),
    )
    roles = {
        EngagementRole.PC: Role.COORDINATOR,
        EngagementRole.PM: Role.PM,
        EngagementRole.PSE: Role.PSE,
    }
    team = [
        TeamMember(role=role, person=random.choice(cast.staff_of(office, region)))
        for role, office in roles.items()
    ]
    register_engagement(Intake(engagement, Paper(), team=team), by=None, now=at)


def repeat_steps(turn: int, now: datetime) -> None:
    """Repeat every step as a later period of itself, inside the database.

    Every other period is done; the reminders of the others are on different days.
    """
    is_done = turn % 2 == 0
    fixed = {
        "period": turn,
        "state": StepState.DONE if is_done else StepState.OPEN,
        "done_at": now - timedelta(days=1) if is_done else None,
        "due_at": now + FAR_AHEAD,
        "next_reminder_at": None if is_done else now + timedelta(days=1 + turn % 30),
        "reminder_days": default_reminders(),
    }
    insert_repeated({name: stored(name, value) for name, value in fixed.items()})


def stored(name: str, value: object) -> Any:
    """Return the value as the column of that name keeps it."""
    field: Any = Step._meta.get_field(name)
    return field.get_db_prep_save(value, connection)


def insert_repeated(fixed: dict[str, Any]) -> None:
    """Insert every step of the first period again, with some columns fixed."""
    columns = [str(fact.column) for fact in Step._meta.concrete_fields]
    kept = [quoted(name) for name in columns if name not in {"id", *fixed}]
    given = [quoted(name) for name in fixed]
    table = quoted(Step._meta.db_table)
    # Only names of our own columns are put into the statement.
    statement = (
        f"INSERT INTO {table} ({', '.join([*given, *kept])})"  # noqa: S608
        f" SELECT {', '.join(['%s'] * len(given) + kept)} FROM {table} WHERE period = 0"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, list(fixed.values()))


def quoted(name: str) -> str:
    """Return a name fit for a statement."""
    return connection.ops.quote_name(name)


def make_due(count: int, now: datetime) -> None:
    """Let the first reminder of so many steps have come an hour ago."""
    waiting = Step.objects.open().filter(period__gt=0, due_at=now + FAR_AHEAD)
    ids = list(waiting.order_by("pk").values_list("pk", flat=True)[:count])
    # Due in a day and a half: the reminder of two days before has its moment behind
    # it, the one of the day itself before it.
    Step.objects.filter(pk__in=ids).update(
        due_at=now + timedelta(hours=36), next_reminder_at=now - timedelta(hours=1)
    )


def tidy_up() -> None:
    """Let PostgreSQL tidy up and count what it has, as it does by itself in time.

    SQLite never does by itself, so it is left as a running portal has it.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
