"""Which colour the data suggest for each part of the report, and why.

Pure: no database, no clock, no request. A person confirms each or changes it
(domain.md, section 4; what practitioners look at: practice.md, section 4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.execution.choices import Health, Priority, RiskImpact, RiskStatus
from engagements.execution.rules.burn_down import BurnDown
from engagements.execution.rules.health import worst_of
from engagements.rules.risk import plain_hours
from psdelivery.people.moments import day_text

# "More than ten per cent off the forecast is told at once" (practice.md, section 4).
TOLERANCE = Decimal("0.1")
# More late steps than this are no slip any more.
FEW_LATE = 3
SHAPE_OF_SCOPE = frozenset({RiskImpact.SCOPE, RiskImpact.QUALITY})


@dataclass(frozen=True)
class Suggestion:
    """A colour with the reason that the data give for it."""

    colour: Health
    why: str


@dataclass(frozen=True)
class OpenRisk:
    """A risk that is not closed."""

    title: str
    priority: str
    impact: str
    status: str
    is_escalated: bool = False
    mitigation: str = ""

    @property
    def weighs(self) -> bool:
        """Whether it colours the report: high, escalated, or it has occurred."""
        return (
            self.priority == Priority.HIGH
            or self.is_escalated
            or self.status == RiskStatus.OCCURRED
        )


@dataclass(frozen=True)
class Previous:
    """What the report before said, as far as the next one begins with it."""

    day: date
    client: str
    path_to_green: str = ""


@dataclass(frozen=True)
class Schedule:
    """What is late: steps up to the close, those that hold up the close, deliverables.

    `planned_end` is the last day that was agreed, on the customer's calendar.
    """

    today: date
    planned_end: date | None = None
    late: Sequence[str] = ()
    holding_up: Sequence[str] = ()
    overdue: Sequence[str] = ()
    risks: Sequence[OpenRisk] = ()


@dataclass(frozen=True)
class Scope:
    """What is uncertain about what is to be delivered."""

    waiting_changes: Sequence[str] = ()
    rejected: Sequence[str] = ()
    risks: Sequence[OpenRisk] = ()


def suggest_schedule(schedule: Schedule) -> Suggestion:
    """Red when the end has passed, or much is late, or what the close waits for.

    Yellow when any step before the close or a deliverable is late, or a risk weighs on
    the dates; else green.
    """
    if schedule.planned_end is not None and schedule.planned_end < schedule.today:
        why = _("The planned end was %(day)s.")
        return Suggestion(Health.RED, why % {"day": day_text(schedule.planned_end)})
    if schedule.holding_up:
        why = _("Late, and the close waits for it: %(steps)s.")
        return Suggestion(Health.RED, why % {"steps": named(schedule.holding_up)})
    late = [*schedule.overdue, *schedule.late]
    if late:
        colour = Health.RED if len(late) > FEW_LATE else Health.YELLOW
        why = ngettext("Late: %(steps)s.", "%(n)d late: %(steps)s.", len(late))
        return Suggestion(colour, why % {"n": len(late), "steps": named(late)})
    risk = risk_on(schedule.risks, {RiskImpact.TIMELINE})
    return risk or Suggestion(Health.GREEN, _("No step and no deliverable is late."))


def suggest_scope(scope: Scope) -> Suggestion:
    """Yellow while a change waits, something was rejected, or a risk weighs on it."""
    if scope.rejected:
        why = _("Rejected by the customer: %(what)s.")
        return Suggestion(Health.YELLOW, why % {"what": named(scope.rejected)})
    if scope.waiting_changes:
        why = _("Not decided yet: %(what)s.")
        return Suggestion(Health.YELLOW, why % {"what": named(scope.waiting_changes)})
    risk = risk_on(scope.risks, SHAPE_OF_SCOPE)
    return risk or Suggestion(Health.GREEN, _("No change is open, nothing rejected."))


def suggest_budget(burn_down: BurnDown, risks: Sequence[OpenRisk] = ()) -> Suggestion:
    """Red beyond the budget, or when the bookings lead far beyond it.

    Yellow when they lead beyond it at all, or when more was worked than planned; ten
    per cent are the measure for both. Without sold hours there is nothing to exceed.
    """
    if burn_down.budget is None:
        return Suggestion(Health.GREEN, _("The paper names no hours."))
    total, remaining = burn_down.budget.total, burn_down.budget.total - burn_down.worked
    if remaining < 0:
        why = _("%(hours)s h more than the %(total)s h of the budget are worked.")
        words = {"hours": plain_hours(-remaining), "total": plain_hours(total)}
        return Suggestion(Health.RED, why % words)
    if burn_down.forecast > total:
        is_far = burn_down.forecast > total * (1 + TOLERANCE)
        colour = Health.RED if is_far else Health.YELLOW
        return Suggestion(colour, forecast_words(burn_down, total))
    ahead = suggestion_of_pace(burn_down)
    risk = risk_on(risks, {RiskImpact.BUDGET})
    why = _("%(left)s of %(total)s h are left, and the bookings keep within them.")
    words = {"left": plain_hours(remaining), "total": plain_hours(total)}
    return ahead or risk or Suggestion(Health.GREEN, why % words)


def forecast_words(burn_down: BurnDown, total: Decimal) -> str:
    """Say how far the bookings lead beyond the budget, and in which week."""
    why = _("As booked now, %(forecast)s of %(total)s h will be used up.")
    words = {"forecast": plain_hours(burn_down.forecast), "total": plain_hours(total)}
    week = burn_down.over_budget_week
    if week is None:
        return why % words
    when = _("The week that ends on %(day)s exceeds the budget.")
    return f"{why % words} {when % {'day': day_text(week.ends_on)}}"


def suggestion_of_pace(burn_down: BurnDown) -> Suggestion | None:
    """Return yellow where clearly more was worked so far than was planned."""
    planned, worked = burn_down.planned_so_far, burn_down.worked_so_far
    if worked <= planned * (1 + TOLERANCE):
        return None
    why = _("%(worked)s h are worked where %(planned)s h were planned.")
    words = {"worked": plain_hours(worked), "planned": plain_hours(planned)}
    return Suggestion(Health.YELLOW, why % words)


def suggest_client(previous: Previous | None, late: Sequence[str]) -> Suggestion:
    """Return how the client was seen last, until somebody says otherwise.

    `late` is the homework that the customer is late with: it makes green yellow.
    """
    colour = Health(previous.client) if previous else Health.GREEN
    if late and colour == Health.GREEN:
        why = _("The customer is late with: %(what)s.")
        return Suggestion(Health.YELLOW, why % {"what": named(late)})
    if previous is None:
        return Suggestion(colour, _("Nobody has said anything else yet."))
    why = _("As in the report of %(day)s.")
    return Suggestion(colour, why % {"day": day_text(previous.day)})


def suggest_overall(parts: Mapping[str, Suggestion]) -> Suggestion:
    """Return the worst of the parts: a whole is no greener than what it is made of."""
    worst = worst_of(one.colour for one in parts.values())
    if worst == Health.GREEN:
        return Suggestion(worst, _("All parts are green."))
    return Suggestion(worst, _("As its worst part."))


def risk_on(
    risks: Sequence[OpenRisk], impacts: frozenset[str] | set[RiskImpact]
) -> Suggestion | None:
    """Return the colour of the first risk that weighs on one of these; None if none.

    Red once a high one has occurred.
    """
    found = next((r for r in risks if r.weighs and r.impact in impacts), None)
    if found is None:
        return None
    has_hit = found.status == RiskStatus.OCCURRED and found.priority == Priority.HIGH
    why = _("Risk that has occurred: %(risk)s.") if has_hit else _("Risk: %(risk)s.")
    colour = Health.RED if has_hit else Health.YELLOW
    return Suggestion(colour, why % {"risk": found.title})


def named(titles: Sequence[str]) -> str:
    """Return the first titles in a sentence, and how many more there are."""
    shown, more = titles[:FEW_LATE], len(titles) - FEW_LATE
    words = "; ".join(shown)
    return f"{words} (+{more})" if more > 0 else words
