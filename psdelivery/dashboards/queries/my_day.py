"""The day of one person: steps by time to breach, sessions, what waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, Window
from django.utils.translation import gettext as _

from engagements.access import engagement_condition
from psdelivery.access import Action, Scope, scope_for
from psdelivery.calendars import end_of_day, local_moment
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step, StepQuerySet
from psdelivery.playbooks.queries import my_steps, rows_of_chosen
from psdelivery.registry import WaitingItem, waiting
from scheduling.models import Allocation
from training.choices import DeliveryState
from training.models import Delivery, Session

WEEK = timedelta(days=7)
# What somebody is booked for, as far ahead as one plans the days.
BOOKED_AHEAD = timedelta(days=14)
MOST_BOOKINGS = 10
ROWS_OF_A_DAY = 60
# What comes after the week: a look ahead, the rest is one click away.
LATER_ROWS = 5
# What tells the section of a step.
SECTION_FIELDS = ("due_at", "due_is_day", "due_day", "snoozed_until")
# What a row of today's sessions shows.
SESSION_FIELDS = (
    "starts_at", "zone", "delivery__title",
    "delivery__engagement__title", "delivery__engagement__customer__name",
)  # fmt: skip


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
    bookings: list[Allocation]
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
    steps, counts = nearest(my_steps(user), ends)
    sections = sections_of(listed_steps(steps, user, ends), user, ends)
    shown = sum(len(section.rows) for section in sections)
    return MyDay(
        sections=sections,
        sessions=sessions_today(user, ends),
        bookings=bookings_ahead(user, ends),
        left_out=max(0, counts["dated"] - shown),
        late=counts["late"],
        today=counts["today"],
        week=counts["week"],
        undated=counts["undated"],
        waiting=waiting.items_for(user, now),
    )


def nearest(steps: StepQuerySet, ends: DayEnds) -> tuple[list[Step], dict[str, int]]:
    """Return the first dated steps by time to breach, and how many there are of all.

    One query: each row brings the numbers along.
    """
    conditions = day_conditions(ends)
    counts = {
        f"n_{name}": Window(Count("pk", filter=condition))
        for name, condition in conditions.items()
    }
    by_date = F("due_at").asc(nulls_last=True)
    rows = steps.annotate(**counts).only(*SECTION_FIELDS).order_by(by_date, "pk")
    found = list(rows[:ROWS_OF_A_DAY])
    numbers = {name: getattr(found[0], f"n_{name}", 0) for name in conditions if found}
    dated = [step for step in found if step.due_at is not None]
    return dated, dict.fromkeys(conditions, 0) | numbers


def day_conditions(ends: DayEnds) -> dict[str, Q]:
    """Return the conditions by which a person's steps are counted."""
    dated = Q(due_at__isnull=False)
    coming, today = Q(due_at__gt=ends.now), ends.by(ends.today)
    return {
        "dated": dated,
        "late": Q(due_at__lte=ends.now),
        "today": coming & today,
        "week": coming & ends.by(ends.week) & ~today,
        "undated": ~dated,
    }


def listed_steps(nearby: Iterable[Step], user: User, ends: DayEnds) -> list[Step]:
    """Return the rows that are shown: the week, and a look ahead."""
    near: list[int] = []
    later: list[int] = []
    for step in nearby:
        (later if section_key(step, ends) == "later" else near).append(step.pk)
    shown = [*near, *later[:LATER_ROWS]]
    return rows_of_chosen(user, shown, within=Scope.OWN_STEPS)


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
    mine = Delivery.objects.filter(trainer=user).order_by().values("pk")
    if scope_for(user.role_set, Action.WORK_SEE) is not Scope.NONE:
        near = engagement_condition(user, Scope.OWN, "engagement")
        accompanied = Delivery.objects.filter(near).order_by().values("pk")
        mine = mine.union(accompanied, all=True)
    return list(
        Session.objects.between(start, end_of_day(ends.today, user.zone))
        .filter(delivery__in=mine)
        .exclude(delivery__state=DeliveryState.CANCELLED)
        .select_related("delivery__engagement__customer")
        .only(*SESSION_FIELDS)
        .order_by("starts_at", "pk")
    )


def bookings_ahead(user: User, ends: DayEnds) -> list[Allocation]:
    """Return what the reader is booked for now and in the next two weeks."""
    mine = Allocation.objects.booked().filter(
        person=user,
        ends_on__gte=ends.today,
        starts_on__lte=ends.today + BOOKED_AHEAD,
    )
    rows = mine.select_related("engagement__customer", "request")
    return list(rows.order_by("starts_on", "pk")[:MOST_BOOKINGS])
