"""How the hours of an engagement burn down: sold, planned, worked, left, and when over.

Pure: no database, no clock, no request. All hours are exact decimals; what is worked
comes in quarters of an hour, so what is left is right to the quarter (domain.md,
section 4; the report of `practice.md`, section 4).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from engagements.rules.hours import NOTHING, WeekOfHours, WorkedHours

ONE_WEEK = timedelta(weeks=1)
LONGEST_REST = timedelta(weeks=53)


@dataclass(frozen=True)
class Budget:
    """The hours that may be worked: as sold, and what approved changes added.

    `changes` are change orders in force and work exceptions (domain.md, section 1).
    """

    sold: Decimal
    changes: Decimal = NOTHING

    @property
    def total(self) -> Decimal:
        return self.sold + self.changes


@dataclass(frozen=True)
class BurnWeek:
    """A week of the burn-down; what is left is counted at its end.

    `expected` is what was worked, of a week to come what is booked; `is_told` says
    that the week has ended and its hours are known. `plan_left` is what would be left
    had everybody worked as booked from the first week on.
    """

    ends_on: date
    planned: Decimal
    worked: Decimal
    expected: Decimal
    has_ended: bool
    is_told: bool
    left: Decimal | None = None
    plan_left: Decimal | None = None

    @property
    def is_over(self) -> bool:
        """Whether the budget is used up and more by the end of this week."""
        return self.left is not None and self.left < 0


@dataclass(frozen=True)
class BurnDown:
    """What was sold, planned and worked, week by week, and what it comes to."""

    budget: Budget | None
    hours: WorkedHours
    weeks: tuple[BurnWeek, ...]

    @property
    def worked(self) -> Decimal:
        return self.hours.worked

    @property
    def remaining(self) -> Decimal | None:
        """The hours left at once, negative beyond the budget; None without one."""
        return None if self.budget is None else self.budget.total - self.worked

    @property
    def to_come(self) -> Decimal:
        """What is booked or not told yet, in this week and later."""
        return self.forecast - self.worked

    @property
    def forecast(self) -> Decimal:
        """What will have been worked at the end, as it is booked now."""
        return sum((week.expected for week in self.weeks), NOTHING)

    @property
    def forecast_left(self) -> Decimal | None:
        """What will be left at the end, as it is booked now; None without a budget."""
        return None if self.budget is None else self.budget.total - self.forecast

    @property
    def planned_so_far(self) -> Decimal:
        """What was booked in the weeks whose hours are told."""
        return sum((week.planned for week in self.weeks if week.is_told), NOTHING)

    @property
    def worked_so_far(self) -> Decimal:
        """What was worked in the weeks whose hours are told."""
        return sum((week.worked for week in self.weeks if week.is_told), NOTHING)

    @property
    def untold(self) -> Decimal:
        """Hours booked in weeks that have ended and of which nobody told anything."""
        ended = [week for week in self.weeks if week.has_ended and not week.is_told]
        return sum((week.expected - week.worked for week in ended), NOTHING)

    @property
    def over_budget_week(self) -> BurnWeek | None:
        """The first week by whose end more than the budget is used; None if never."""
        return next((week for week in self.weeks if week.is_over), None)


def burn_down_of(hours: WorkedHours, budget: Budget | None, *, today: date) -> BurnDown:
    """Return the burn-down as it stands on the day (of who reads it).

    A week that is over counts with what was worked; one of which nothing is known
    yet, and those to come, with what is booked.
    """
    counted = [counted_week(week, hours, today) for week in without_gaps(hours.weeks)]
    return BurnDown(budget, hours, tuple(with_what_is_left(counted, budget)))


def without_gaps(weeks: tuple[WeekOfHours, ...]) -> Iterator[WeekOfHours]:
    """Yield the weeks from the first to the last, those without hours too.

    Work that rested for longer than a year is not drawn as standing still.
    """
    before: WeekOfHours | None = None
    for week in sorted(weeks, key=lambda one: one.ends_on):
        if before is not None and week.ends_on - before.ends_on <= LONGEST_REST:
            yield from weeks_between(before.ends_on, week.ends_on)
        before = week
        yield week


def weeks_between(first: date, last: date) -> Iterator[WeekOfHours]:
    """Yield the weeks after the first and before the last, without hours."""
    ends_on = first + ONE_WEEK
    while ends_on < last:
        yield WeekOfHours(ends_on)
        ends_on += ONE_WEEK


def counted_week(week: WeekOfHours, hours: WorkedHours, today: date) -> BurnWeek:
    """Return the week with what it counts; what is left is put in later."""
    has_ended = week.ends_on < today
    told = has_ended and is_told(week, hours)
    return BurnWeek(
        ends_on=week.ends_on,
        planned=week.planned,
        worked=week.worked,
        expected=week.worked if told else max(week.planned, week.worked),
        has_ended=has_ended,
        is_told=told,
    )


def is_told(week: WeekOfHours, hours: WorkedHours) -> bool:
    """Tell whether somebody told the hours of a week that has ended.

    Imported hours are known up to the last day that an import covers (R-17). In the
    portal a week without a single confirmed hour, though booked, is not told yet.
    """
    if hours.is_imported:
        return hours.covered_until is not None and week.ends_on <= hours.covered_until
    return bool(week.worked) or not week.planned


def with_what_is_left(
    weeks: list[BurnWeek], budget: Budget | None
) -> Iterator[BurnWeek]:
    """Yield the weeks with what is left at the end of each, as it is and as planned."""
    if budget is None:
        yield from weeks
        return
    left = plan_left = budget.total
    for week in weeks:
        left -= week.expected
        plan_left -= week.planned
        yield replace(week, left=left, plan_left=plan_left)
