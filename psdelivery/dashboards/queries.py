"""What the dashboards show: the day of one person, the portfolio of a manager."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from engagements.access import engagement_condition, visible_engagements
from engagements.choices import OPEN_STATUSES, BallWith, Kind, Status
from engagements.models import Engagement
from psdelivery.access import Action, Scope, scope_for
from psdelivery.calendars import end_of_day, local_moment
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step, StepQuerySet
from psdelivery.playbooks.queries import my_steps, step_rows, steps_within
from psdelivery.registry import WaitingItem, waiting
from training.choices import DeliveryState
from training.models import Session

AHEAD_DAYS = 14
WEEK = timedelta(days=7)
ROWS_OF_A_DAY = 60
# What comes after the week: a look ahead, the rest is one click away.
LATER_ROWS = 5
TOP_OWNERS = 12
LONGEST_LATE = 10


@dataclass(frozen=True)
class StepRow:
    """A step on My day, with why the reader sees it."""

    step: Step
    why: str


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    rows: list[StepRow]


@dataclass(frozen=True)
class DayEnds:
    """The reader's now, today, and the last of the seven days that follow.

    A deadline that is a day belongs to the day that stands beside it, whatever the
    hour at which it ends on the reader's clock.
    """

    now: datetime
    zone: str
    today: date
    week: date

    def by(self, last: date) -> Q:
        """Return the condition: due on or before a day, as the reader reads it."""
        return Q(due_is_day=True, due_day__lte=last) | Q(
            due_is_day=False, due_at__lte=end_of_day(last, self.zone)
        )

    def day_of(self, step: Step) -> date | None:
        """Return the day of the step's deadline, as the reader reads it."""
        if step.due_is_day or step.due_at is None:
            return step.due_day
        return step.due_at.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True)
class MyDay:
    sections: list[Section]
    sessions: list[Session]
    late: int
    today: int
    week: int
    undated: int
    left_out: int
    waiting: list[WaitingItem]


def day_ends(user: User, now: datetime) -> DayEnds:
    """Return the ends of the reader's day and week on the reader's clock."""
    today = now.astimezone(ZoneInfo(user.zone)).date()
    return DayEnds(now=now, zone=user.zone, today=today, week=today + WEEK)


def why_shown(step: Step, user: User) -> str:
    """Say why the reader sees the step on My day."""
    if step.assignee_id == user.pk and not step.owner_role:
        return _("Yours")
    if step.assignee_id is not None and step.assignee_id != user.pk:
        return _("For %(person)s, who is away") % {"person": step.assignee}
    if step.assignee_id == user.pk and step.contact_id is not None:
        return _("The customer does it, you ask for it")
    if step.assignee_id == user.pk:
        return _("Yours as %(role)s") % {"role": step.get_owner_role_display().lower()}
    return _("Waits for the pool “%(pool)s”") % {"pool": step.pool}


def my_day_of(user: User, now: datetime) -> MyDay:
    """Return a person's steps by time to breach, and today's sessions.

    Steps without a date wait for their anchor: they are counted, not listed.
    """
    ends = day_ends(user, now)
    steps = my_steps(user)
    counts = day_counts(steps, ends)
    listed = list(
        step_rows(user, steps.filter(due_at__isnull=False)).order_by("due_at", "pk")[
            :ROWS_OF_A_DAY
        ]
    )
    sections = sections_of(listed, user, ends)
    shown = sum(len(section.rows) for section in sections)
    return MyDay(
        sections=sections,
        sessions=sessions_today(user, ends),
        left_out=max(0, counts["dated"] - shown),
        late=counts["late"],
        today=counts["today"],
        week=counts["week"],
        undated=counts["undated"],
        waiting=waiting.items_for(user, now),
    )


def day_counts(steps: StepQuerySet, ends: DayEnds) -> dict[str, int]:
    """Count a person's steps by how soon they are due, in one query."""
    dated = Q(due_at__isnull=False)
    coming, today = Q(due_at__gt=ends.now), ends.by(ends.today)
    return steps.order_by().aggregate(
        dated=Count("pk", filter=dated),
        late=Count("pk", filter=Q(due_at__lte=ends.now)),
        today=Count("pk", filter=coming & today),
        week=Count("pk", filter=coming & ends.by(ends.week) & ~today),
        undated=Count("pk", filter=~dated),
    )


def sections_of(steps: Iterable[Step], user: User, ends: DayEnds) -> list[Section]:
    """Sort steps into late, today, the next seven days and later."""
    titles = {
        "late": _("Late"),
        "today": _("Today"),
        "week": _("The next seven days"),
        "later": _("Later"),
        "snoozed": _("Put off"),
    }
    rows: dict[str, list[StepRow]] = {key: [] for key in titles}
    for step in steps:
        rows[section_key(step, ends)].append(StepRow(step, why_shown(step, user)))
    rows["later"] = rows["later"][:LATER_ROWS]
    return [Section(key, titles[key], found) for key, found in rows.items() if found]


def section_key(step: Step, ends: DayEnds) -> str:
    """Return the section of a dated step."""
    day = ends.day_of(step)
    if step.due_at is None or day is None:
        return "later"
    if step.due_at <= ends.now:
        return "late"
    if step.snoozed_until is not None and step.snoozed_until > ends.today:
        return "snoozed"
    if day <= ends.today:
        return "today"
    return "week" if day <= ends.week else "later"


def sessions_today(user: User, ends: DayEnds) -> list[Session]:
    """Return the sessions that touch the reader's today, taught or accompanied.

    Who is on the team but has no business with classes could not open them.
    """
    start = local_moment(ends.today, time(0), user.zone)
    mine = Q(delivery__trainer=user)
    if scope_for(user.role_set, Action.WORK_SEE) is not Scope.NONE:
        mine |= engagement_condition(user, Scope.OWN, "delivery__engagement")
    return list(
        Session.objects.between(start, end_of_day(ends.today, user.zone))
        .filter(mine)
        .exclude(delivery__state=DeliveryState.CANCELLED)
        .select_related("delivery__course", "delivery__engagement__customer")
        .order_by("starts_at", "pk")
    )


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
    label: str
    cell: Cell
    longest_since: datetime | None


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
        balls=ball_rows(engagements),
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


def ball_rows(engagements: QuerySet[Engagement]) -> list[BallRow]:
    """Return with whom the ball of open engagements is, and for how long at most.

    Standing internal work waits for nobody and is left out.
    """
    counted = (
        engagements.filter(status__in=OPEN_STATUSES)
        .exclude(ball_with=BallWith.NOBODY)
        .order_by()
        .values("ball_with")
        .annotate(count=Count("pk"), longest=Min("ball_since"))
    )
    found = {row["ball_with"]: row for row in counted}
    return [
        BallRow(
            label=str(ball.label),
            cell=Cell(found[ball]["count"], f"{open_query()}&ball_with={ball}"),
            longest_since=found[ball]["longest"],
        )
        for ball in BallWith
        if ball in found
    ]
