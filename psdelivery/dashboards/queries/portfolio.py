"""The portfolio of a manager: numbers, each with the list that it counts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet, Subquery, Value

from engagements.access import engagements_reached
from engagements.choices import OPEN_STATUSES, BallWith, Kind, Status
from engagements.models import Engagement
from engagements.rules.ball import BallDays
from engagements.turns import PARTIES, ball_days_of_all
from psdelivery.access import Action, scope_for
from psdelivery.people.models import Pool, User
from psdelivery.playbooks.models import Step, StepQuerySet
from psdelivery.playbooks.queries import rows_of_chosen

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
    reached = engagements_reached(user, Action.PORTFOLIO_SEE)
    engagements, steps = Engagement.objects.all(), Step.objects.all()
    if reached is not None:
        engagements = engagements.filter(pk__in=reached)
        steps = steps.filter(engagement__in=reached)
    held = counts_of(engagements)
    matrix = matrix_counts(held)
    late = Q(due_at__lte=now)
    ahead = Q(due_at__gt=now, due_at__lte=now + timedelta(days=AHEAD_DAYS))
    # One end only, so that an index finds them: late ones are due before it too.
    near = steps.running().filter(
        engagement__isnull=False, due_at__lte=now + timedelta(days=AHEAD_DAYS)
    )
    loads = loads_of(near, late, ahead)
    longest_late, late_engagements = late_ones(user, near.filter(late))
    open_count = sum(n for (status, _k), n in matrix.items() if status in OPEN_STATUSES)
    return Portfolio(
        kinds=[str(kind.label) for kind in Kind],
        rows=matrix_rows(matrix),
        kind_totals=[Cell(column_total(matrix, kind), f"kind={kind}") for kind in Kind],
        total=Cell(sum(matrix.values()), ""),
        open_engagements=Cell(open_count, open_query()),
        late_steps=Cell(sum(load.late for load in loads), "when=late"),
        late_engagements=Cell(late_engagements, "late=true"),
        ahead_steps=Cell(sum(load.ahead for load in loads), "when=ahead"),
        owners=owner_loads(loads),
        balls=ball_rows(held, open_ball_days(engagements, now)),
        longest_late=longest_late,
    )


def late_ones(user: User, late: StepQuerySet) -> tuple[list[Step], int]:
    """Return what is late for longest, and how many engagements have a late step."""
    scope = scope_for(user.role_set, Action.PORTFOLIO_SEE)
    counted = late.order_by().annotate(one=Value(1)).values("one")
    engagements = counted.annotate(n=Count("engagement", distinct=True)).values("n")
    longest = late.annotate(engagements=Subquery(engagements)).order_by("due_at", "pk")
    found = list(longest.values_list("pk", "engagements")[:LONGEST_LATE])
    rows = rows_of_chosen(user, [pk for pk, _count in found], within=scope)
    return rows, found[0][1] if found else 0


def open_query() -> str:
    """Return the filter that lists open engagements."""
    return "&".join(f"status={s}" for s in Status if s in OPEN_STATUSES)


@dataclass(frozen=True)
class Held:
    """Engagements of a status and a kind whose ball is with one party."""

    status: str
    kind: str
    party: str
    count: int
    longest_since: datetime


def counts_of(engagements: QuerySet[Engagement]) -> list[Held]:
    """Count engagements by status, kind and whose turn it is, in one query."""
    counted = (
        engagements.order_by()
        .values_list("status", "kind", "ball_with")
        .annotate(count=Count("pk"), longest=Min("ball_since"))
    )
    return [Held(*row) for row in counted]


def matrix_counts(held: Iterable[Held]) -> Counter[tuple[str, str]]:
    """Return how many engagements there are by status and kind."""
    found: Counter[tuple[str, str]] = Counter()
    for one in held:
        found[one.status, one.kind] += one.count
    return found


def column_total(counts: Mapping[tuple[str, str], int], kind: str) -> int:
    """Return how many engagements of a kind there are."""
    return sum(n for (_s, found), n in counts.items() if found == kind)


def matrix_rows(counts: Mapping[tuple[str, str], int]) -> list[MatrixRow]:
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


@dataclass(frozen=True)
class Load:
    """How many late and coming steps a person has, or a pool."""

    person: int | None
    pool: int | None
    late: int
    ahead: int

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """Its place among the others: the most late ones first, in a fixed order."""
        return -self.late, -self.ahead, self.person or 0, self.pool or 0


def loads_of(near: StepQuerySet, late: Q, ahead: Q) -> list[Load]:
    """Count late and coming steps by owner, in one query; the most laden first.

    Their index has all that it asks for: no step is read for it.
    """
    counted = (
        near.order_by()
        .values_list("assignee", "pool")
        .annotate(
            late=Count("due_at", filter=late), ahead=Count("due_at", filter=ahead)
        )
    )
    return sorted((Load(*row) for row in counted), key=lambda load: load.rank)


def owner_loads(loads: Sequence[Load]) -> list[OwnerLoad]:
    """Return who has most late and coming steps, people and pools alike."""
    shown = loads[:TOP_OWNERS]
    people = User.objects.only("username", "first_name", "last_name").in_bulk(
        [load.person for load in shown if load.person is not None]
    )
    pools = Pool.objects.in_bulk([load.pool for load in shown if load.pool is not None])
    return [
        owner_load(load, pools[load.pool].name, f"pool={load.pool}")
        if load.pool is not None
        else owner_load(
            load, people[load.person or 0].display_name, f"owner={load.person}"
        )
        for load in shown
    ]


def owner_load(load: Load, name: str, owner: str) -> OwnerLoad:
    """Return one owner's line."""
    return OwnerLoad(
        name=name,
        late=Cell(load.late, f"when=late&{owner}"),
        ahead=Cell(load.ahead, f"when=ahead&{owner}"),
    )


def open_ball_days(engagements: QuerySet[Engagement], now: datetime) -> BallDays:
    """Return the days by party of open engagements."""
    return ball_days_of_all(engagements.filter(status__in=OPEN_STATUSES), now)


def ball_rows(held: Iterable[Held], ball_days: BallDays) -> list[BallRow]:
    """Return with whom the ball of open engagements is, and for how many days it was.

    Standing internal work waits for nobody and is left out.
    """
    days = [ball_days.days.get(party, 0) for party in PARTIES]
    shares = shares_of(days)
    now = [one for one in held if one.status in OPEN_STATUSES]
    return [
        BallRow(
            party=party,
            cell=Cell(
                sum(one.count for one in now if one.party == party),
                f"{open_query()}&ball_with={party}",
            ),
            longest_since=min(
                (one.longest_since for one in now if one.party == party), default=None
            ),
            days=Cell(number, f"{open_query()}&ball_days={party}"),
            share=share,
            start=sum(shares[:place]),
        )
        for place, (party, number, share) in enumerate(
            zip(PARTIES, days, shares, strict=True)
        )
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
