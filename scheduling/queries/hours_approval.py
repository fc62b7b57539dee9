"""Reads of who approves hours: what waits for whom, and how far it is as planned."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from engagements.access import engagement_condition
from engagements.choices import CHANGE_ORDERS, ChangeState
from engagements.models import Change, Engagement, TeamMember
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.away import deputised_by
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.people.models import User
from psdelivery.people.queries import pools_of
from scheduling.capacity_facts import Span
from scheduling.choices import DayOff, HoursState
from scheduling.models import HoursEntry, HoursPart
from scheduling.queries.hours import (
    PART_NEEDS,
    entries_in_order,
    hours_by_day,
    plan_of,
    plans_of,
    worked_on,
)
from scheduling.rules.hours import (
    NOTHING,
    Plan,
    days_worked_off,
    differences,
    hours_over,
)
from scheduling.rules.hours_approval import COORDINATED

SIX_DAYS = timedelta(days=6)


def asked_of(user: User, now: datetime) -> Q:
    """Return the condition for parts that somebody is asked to approve (R-23).

    Their own to approve, those of whoever they stand in for, and those of their pools.
    """
    people = [user.pk, *deputised_by(user, now)]
    return Q(approver__in=people) | Q(pool__in=pools_of(user))


def approvable_by(user: User) -> Q:
    """Return the condition for parts that the roles of somebody may approve.

    Coordinators internal work and training, the PM the own work, managers as backup
    (domain.md, "Who may do what").
    """
    found = Q(pk__in=[])
    for role in user.role_set:
        scope = scope_for([role], Action.ACTUALS_APPROVE)
        if scope is not Scope.NONE:
            found |= engagement_condition(user, scope, "engagement") & of_role(
                user, role
            )
    return found


def of_role(user: User, role: str) -> Q:
    """Return to which kinds of work a role that approves is bound."""
    coordinated = Q(engagement__kind__in=sorted(map(str, COORDINATED)))
    if role == Role.COORDINATOR:
        return coordinated
    if role == Role.PM:
        led = TeamMember.objects.filter(person=user, role=EngagementRole.PM)
        return Q(engagement__in=led.order_by().values("engagement")) & ~coordinated
    return Q(pk__isnull=False)


def waiting_parts(
    user: User, now: datetime, *, everything: bool
) -> QuerySet[HoursPart]:
    """Return hours that wait: for this person, or all that they may approve."""
    near = asked_of(user, now)
    if everything:
        near |= approvable_by(user)
    rows = HoursPart.objects.filter(near, state=HoursState.SUBMITTED)
    others = rows.exclude(week__person=user).select_related(
        *PART_NEEDS, "engagement__paper"
    )
    ordered = others.order_by(
        "week__ends_on", "engagement__customer__name", "engagement__title",
        "week__person__last_name", "week__person__first_name", "pk",
    )  # fmt: skip
    return ordered.prefetch_related(entries_in_order())


@dataclass(frozen=True)
class Difference:
    """A day on which other hours were worked than planned."""

    day: date
    more: Decimal
    off: str = ""


@dataclass(frozen=True)
class ApprovalRow:
    """Hours of one person on one engagement in a week, as who approves sees them.

    `over` is how far all hours of the engagement go beyond what was sold.
    """

    part: HoursPart
    planned: Decimal
    differences: Sequence[Difference]
    worked_off: Sequence[date]
    over: Decimal
    waiting: Sequence[HoursEntry]

    @property
    def is_as_planned(self) -> bool:
        """Whether nothing asks for a second look."""
        stands_out = self.differences or self.waiting or self.over
        return not stands_out and not self.part.waits_for_release

    @property
    def key(self) -> str:
        """Return what the form says of the row: which part, in which version."""
        return f"{self.part.pk}-{self.part.version}"


def approval_rows(parts: Iterable[HoursPart]) -> list[ApprovalRow]:
    """Return the rows of these parts; five queries for however many."""
    found = list(parts)
    if not found:
        return []
    last = max(part.week.ends_on for part in found)
    first = min(part.week.ends_on for part in found) - SIX_DAYS
    people = {part.week.person_id: part.week.person for part in found}
    plans = plans_of(people.values(), Span(first, last))
    over = hours_beyond_all({part.engagement_id: part.engagement for part in found})
    return [
        row_of(part, plans[part.week.person_id], over[part.engagement_id])
        for part in found
    ]


def row_of(part: HoursPart, plan: Plan, over: Decimal) -> ApprovalRow:
    """Return one row; the entries of the part were fetched."""
    entries = list(part.entries.all())
    worked = hours_by_day(entries)
    first, last = part.week.ends_on - SIX_DAYS, part.week.ends_on
    planned = {
        day: hours
        for day, hours in plan.hours_of(part.engagement_id).items()
        if first <= day <= last
    }
    return ApprovalRow(
        part=part,
        planned=sum(planned.values(), NOTHING),
        differences=[
            Difference(day, more, plan.off.get(day, ""))
            for day, more in differences(worked, planned).items()
        ],
        worked_off=days_worked_off([worked], plan.off),
        over=over,
        waiting=[entry for entry in entries if entry.waits],
    )


def hours_beyond_all(engagements: Mapping[int, Engagement]) -> dict[int, Decimal]:
    """Return how far each goes beyond what was sold and granted; two queries."""
    worked = worked_on(engagements)
    granted = hours_granted(engagements)
    return {
        pk: hours_over(
            allowed(engagement, granted.get(pk, NOTHING)), worked.get(pk, NOTHING)
        )
        for pk, engagement in engagements.items()
    }


def allowed(engagement: Engagement, granted: Decimal) -> Decimal | None:
    """Return the hours of the paper with those of exceptions; None without a number."""
    paper = getattr(engagement, "paper", None)
    if paper is None or paper.hours is None:
        return None
    hours: Decimal = paper.hours
    return hours + granted


def hours_granted(engagements: Collection[int]) -> dict[int, Decimal]:
    """Return the hours of approved work exceptions, by engagement; one query."""
    rows = Change.objects.filter(
        engagement__in=list(engagements), state=ChangeState.APPROVED
    ).exclude(kind__in=CHANGE_ORDERS)
    sums = rows.order_by().values_list("engagement").annotate(total=Sum("hours"))
    return {pk: total or NOTHING for pk, total in sums}


@dataclass(frozen=True)
class PartDay:
    """A day of a part: planned, told, why nobody works on it, and its entries."""

    day: date
    planned: Decimal
    held: Decimal
    hours: Decimal
    off: str
    entries: Sequence[HoursEntry]

    @property
    def off_words(self) -> str:
        return str(dict(DayOff.choices).get(self.off, ""))


def part_days(part: HoursPart, days: Sequence[date]) -> list[PartDay]:
    """Return the days of a part, planned beside told; its entries were fetched."""
    plan = plan_of(part.week.person, days)
    entries = list(part.entries.all())
    worked = hours_by_day(entries)
    return [
        PartDay(
            day=day,
            planned=plan.of(part.engagement_id, day).hard,
            held=plan.of(part.engagement_id, day).soft,
            hours=worked.get(day, NOTHING),
            off=plan.off.get(day, ""),
            entries=[entry for entry in entries if entry.day == day],
        )
        for day in days
    ]
