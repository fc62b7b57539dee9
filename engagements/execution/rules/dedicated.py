"""The rhythm of a dedicated engineer: goals, weeks, hours of a month, renewal.

Pure: no writes, no clock, no request (domain.md, section 4, Dedicated engineer).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from engagements.execution.choices import GoalState, Renewal
from engagements.rules.hours import NOTHING, WorkedHours
from psdelivery.registry import Reason

FEWEST_GOALS, MOST_GOALS = 3, 5
FRIDAY = 4
# What was not reached goes on in the next month.
GOES_ON = frozenset({GoalState.OPEN, GoalState.PARTLY, GoalState.MISSED})
# What needs a new paper.
NEEDS_PAPER = frozenset({Renewal.RENEW, Renewal.CHANGE})


@dataclass(frozen=True)
class Goal:
    """A goal of a month as it is agreed; `pk` of one that is there already."""

    text: str
    measure: str
    pk: int | None = None
    state: str = GoalState.OPEN
    note: str = ""
    carried_from: int | None = None


@dataclass(frozen=True)
class MonthOfHours:
    """What was booked and worked in the weeks that end in a month."""

    planned: Decimal
    actual: Decimal

    @property
    def difference(self) -> Decimal:
        return self.actual - self.planned


def month_of_day(day: date) -> date:
    """Return the first day of the month of a day."""
    return day.replace(day=1)


def month_before(month: date) -> date:
    """Return the first day of the month before."""
    return month_of_day(month - timedelta(days=1))


def end_of_week(day: date) -> date:
    """Return the Friday of the week of a day; of a weekend the one before it."""
    return day - timedelta(days=day.weekday() - FRIDAY)


def reasons_against_goals(goals: Sequence[Goal]) -> list[Reason]:
    """Three to five goals a month, each with how both know that it is reached."""
    reasons = []
    if not FEWEST_GOALS <= len(goals) <= MOST_GOALS:
        sentence = _("Agree three to five goals; these are %(n)d.")
        reasons.append(Reason("number", sentence % {"n": len(goals)}))
    for goal in goals:
        if not goal.measure.strip():
            sentence = _("Say when “%(goal)s” is reached.")
            reasons.append(Reason("measure", sentence % {"goal": goal.text}))
    return reasons


def carried_over(goals: Iterable[Goal]) -> list[Goal]:
    """Return the goals of last month that go on, as goals of this one."""
    return [
        Goal(text=one.text, measure=one.measure, carried_from=one.pk)
        for one in goals
        if one.state in GOES_ON
    ][:MOST_GOALS]


def hours_of_month(hours: WorkedHours | None, month: date) -> MonthOfHours:
    """Return the hours of the weeks that end in the month; nothing untold."""
    weeks = hours.weeks if hours else ()
    ours = [week for week in weeks if month_of_day(week.ends_on) == month]
    planned = sum((week.planned for week in ours), NOTHING)
    actual = sum((week.worked for week in ours), NOTHING)
    return MonthOfHours(planned=planned, actual=actual)
