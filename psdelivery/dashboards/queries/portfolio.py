"""The portfolio of a manager: numbers, each with the list that it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from engagements.access import visible_engagements
from engagements.choices import OPEN_STATUSES, BallWith, Kind, Status
from engagements.models import Engagement
from engagements.turns import PARTIES, ball_days_of_all
from psdelivery.access import Action
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step, StepQuerySet
from psdelivery.playbooks.queries import step_rows, steps_within

AHEAD_DAYS = 14
TOP_OWNERS = 12
LONGEST_LATE = 10


@dataclass(frozen=True)
class Cell:
    """A number and the address of exactly the list that it counts."""

    count: int
    query: str


@dataclass(frozen=True)
class MatrixRow:
    status: str
    label: str
    cells: list[Cell]
    total: Cell


@dataclass(frozen=True)
class OwnerLoad:
    """How much is late and how much falls due soon, by owner."""

    name: str
    late: Cell
    ahead: Cell


@dataclass(frozen=True)
class BallRow:
    """A party: how often it has the ball now, since when, and its days so far.

    `share` is its part of all days in per cent; `start` where it begins in the bar.
    """

    party: BallWith
    cell: Cell
    longest_since: datetime | None
    days: Cell
    share: int
    start: int


@dataclass(frozen=True)
class Portfolio:
    kinds: list[str]
    rows: list[MatrixRow]
    kind_totals: list[Cell]
    total: Cell
    open_engagements: Cell
    late_steps: Cell
    late_engagements: Cell
    ahead_steps: Cell
    owners: list[OwnerLoad]
    balls: list[BallRow]
    longest_late: list[Step]


def portfolio_of(user: User, now: datetime) -> Portfolio:
    """Return the numbers of the reader's portfolio; each knows its list."""
    engagements = visible_engagements(user, Action.PORTFOLIO_SEE)
    steps = steps_within(user, Action.PORTFOLIO_SEE).exclude(engagement=None)
    counts = matrix_counts(engagements)
    late = Q(due_at__lte=now)
    ahead = Q(due_at__gt=now, due_at__lte=now + timedelta(days=AHEAD_DAYS))
    # One end only, so that an index finds them: late ones are due before it too.
    near = steps.running().filter(due_at__lte=now + timedelta(days=AHEAD_DAYS))
    totals = near.aggregate(
        late=Count("pk", filter=late), ahead=Count("pk", filter=ahead)
    )
    open_count = sum(n for (status, _k), n in counts.items() if status in OPEN_STATUSES)
    return Portfolio(
        kinds=[str(kind.label) for kind in Kind],
        rows=matrix_rows(counts),
        kind_totals=[Cell(column_total(counts, kind), f"kind={kind}") for kind in Kind],
        total=Cell(sum(counts.values()), ""),
        open_engagements=Cell(open_count, open_query()),
        late_steps=Cell(totals["late"], "when=late"),
        late_engagements=Cell(late_engagement_count(steps, now), "late=true"),
        ahead_steps=Cell(totals["ahead"], "when=ahead"),
        owners=owner_loads(near, late, ahead),
        balls=ball_rows(engagements.filter(status__in=OPEN_STATUSES), now),
        longest_late=list(
            step_rows(user, steps.late(now)).order_by("due_at", "pk")[:LONGEST_LATE]
        ),
    )


def open_query() -> str:
    """Return the filter that lists open engagements."""
    return "&".join(f"status={s}" for s in Status if s in OPEN_STATUSES)


def matrix_counts(
    engagements: QuerySet[Engagement],
) -> dict[tuple[str, str], int]:
    """Count engagements by status and kind, in one query."""
    counted = engagements.order_by().values_list("status", "kind").annotate(Count("pk"))
    return {(status, kind): count for status, kind, count in counted}


def column_total(counts: dict[tuple[str, str], int], kind: str) -> int:
    """Return how many engagements of a kind there are."""
    return sum(n for (_s, found), n in counts.items() if found == kind)


def matrix_rows(counts: dict[tuple[str, str], int]) -> list[MatrixRow]:
    """Return the matrix row by row, in the order of the status table."""
    return [
        MatrixRow(
            status=status,
            label=str(status.label),
            cells=[
                Cell(counts.get((status, kind), 0), f"status={status}&kind={kind}")
                for kind in Kind
            ],
            total=Cell(
                sum(counts.get((status, kind), 0) for kind in Kind), f"status={status}"
            ),
        )
        for status in Status
    ]


def late_engagement_count(steps: StepQuerySet, now: datetime) -> int:
    """Return how many engagements have a late step."""
    return steps.late(now).order_by().values("engagement").distinct().count()


def owner_loads(near: StepQuerySet, late: Q, ahead: Q) -> list[OwnerLoad]:
    """Return who has most late and coming steps, people and pools alike."""
    loads = (
        near.order_by()
        .values(
            "assignee",
            "assignee__first_name",
            "assignee__last_name",
            "assignee__username",
            "pool",
            "pool__name",
        )
        .annotate(late=Count("pk", filter=late), ahead=Count("pk", filter=ahead))
        .order_by("-late", "-ahead", "assignee", "pool")[:TOP_OWNERS]
    )
    return [owner_load(row) for row in loads]


def owner_load(row: Mapping[str, Any]) -> OwnerLoad:
    """Return one owner's line from its counted row."""
    if row["pool"]:
        name, owner = row["pool__name"], f"pool={row['pool']}"
    else:
        full = f"{row['assignee__first_name']} {row['assignee__last_name']}".strip()
        name, owner = full or row["assignee__username"], f"owner={row['assignee']}"
    return OwnerLoad(
        name=name,
        late=Cell(row["late"], f"when=late&{owner}"),
        ahead=Cell(row["ahead"], f"when=ahead&{owner}"),
    )


def ball_rows(engagements: QuerySet[Engagement], now: datetime) -> list[BallRow]:
    """Return with whom the ball of open engagements is, and for how many days it was.

    Standing internal work waits for nobody and is left out.
    """
    counted = (
        engagements.order_by()
        .values_list("ball_with")
        .annotate(count=Count("pk"), longest=Min("ball_since"))
    )
    held = {party: (count, longest) for party, count, longest in counted}
    days = ball_days_of_all(engagements, now).days
    shares = shares_of([days.get(party, 0) for party in PARTIES])
    starts = accumulate(shares, initial=0)
    return [
        BallRow(
            party=party,
            cell=Cell(count, f"{open_query()}&ball_with={party}"),
            longest_since=longest,
            days=Cell(days.get(party, 0), f"{open_query()}&ball_days={party}"),
            share=share,
            start=start,
        )
        for party, share, start in zip(PARTIES, shares, starts, strict=False)
        for count, longest in [held.get(party, (0, None))]
    ]


def shares_of(numbers: Sequence[int]) -> list[int]:
    """Return the part of each number in whole per cent; together 100, or nothing.

    What rounding leaves over goes to those that lost most by it.
    """
    total = sum(numbers)
    if not total:
        return [0] * len(numbers)
    shares = [number * 100 // total for number in numbers]
    lost = sorted(range(len(numbers)), key=lambda n: -(numbers[n] * 100 % total))
    for place in lost[: 100 - sum(shares)]:
        shares[place] += 1
    return shares
