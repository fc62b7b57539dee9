"""The report as it is drafted from the data: one line each, for a person to edit.

Pure: no database, no clock, no request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from engagements.choices import BillingTerms, Kind
from engagements.execution.choices import Health, Priority
from engagements.execution.rules.burn_down import BurnDown
from engagements.execution.rules.health import PARTS, must_say_why
from engagements.execution.rules.health_colours import (
    OpenRisk,
    Previous,
    Schedule,
    Scope,
    Suggestion,
    suggest_budget,
    suggest_client,
    suggest_overall,
    suggest_schedule,
    suggest_scope,
)
from engagements.rules.risk import plain_hours
from psdelivery.people.moments import day_text

# More lines than this nobody reads; what is left is counted.
MOST_LINES = 12
WEIGHT = (Priority.HIGH, Priority.MEDIUM, Priority.LOW)


@dataclass(frozen=True)
class ReportFacts:
    """All that a report is drafted from, as lines in the words of the report."""

    burn_down: BurnDown
    schedule: Schedule
    scope: Scope
    previous: Previous | None = None
    done: Sequence[str] = ()
    coming: Sequence[str] = ()
    actions: Sequence[str] = ()
    late_homework: Sequence[str] = ()
    risks: Sequence[OpenRisk] = ()
    absences: Sequence[str] = ()
    deliverables: int = 0
    accepted: int = 0


@dataclass(frozen=True)
class Draft:
    """What the form begins with, and why each colour is suggested."""

    values: Mapping[str, str] = field(default_factory=dict)
    suggestions: Mapping[str, Suggestion] = field(default_factory=dict)


def draft_of(facts: ReportFacts) -> Draft:
    """Return the report as the data tell it."""
    suggestions = suggestions_of(facts)
    colours = {name: str(one.colour) for name, one in suggestions.items()}
    return Draft(
        suggestions=suggestions,
        values={
            **colours,
            "summary": summary_of(facts),
            "reason": reason_of(suggestions) if must_say_why(colours) else "",
            "path_to_green": path_of(facts) if must_say_why(colours) else "",
            "done": lines(facts.done),
            "coming": lines(facts.coming),
            "actions": lines(facts.actions),
            "risks": lines([risk_line(risk) for risk in in_order(facts.risks)]),
            "absences": lines(facts.absences),
        },
    )


def suggestions_of(facts: ReportFacts) -> dict[str, Suggestion]:
    """Return a colour for each part, and for the whole, with its reason."""
    parts = {
        "schedule": suggest_schedule(facts.schedule),
        "scope": suggest_scope(facts.scope),
        "budget": suggest_budget(facts.burn_down, facts.risks),
        "client": suggest_client(facts.previous, facts.late_homework),
    }
    return {"overall": suggest_overall(parts), **parts}


def reason_of(suggestions: Mapping[str, Suggestion]) -> str:
    """Return why it is not green: what each part that is not says.

    How the client is seen is not written down for them.
    """
    told = [suggestions[name] for name in PARTS if name != "client"]
    return lines([one.why for one in told if one.colour != Health.GREEN])


def path_of(facts: ReportFacts) -> str:
    """Return what the last report said, else how the weighing risks are met."""
    if facts.previous is not None and facts.previous.path_to_green:
        return facts.previous.path_to_green
    weighing = [risk for risk in in_order(facts.risks) if risk.weighs]
    return lines([risk.mitigation for risk in weighing if risk.mitigation])


def summary_of(facts: ReportFacts) -> str:
    """Return where the work stands in a sentence or two."""
    told = []
    if facts.deliverables:
        words = _("%(accepted)d of %(all)d deliverables are accepted.")
        told.append(words % {"accepted": facts.accepted, "all": facts.deliverables})
    if facts.schedule.planned_end is not None:
        words = _("The work is planned until %(day)s.")
        told.append(words % {"day": day_text(facts.schedule.planned_end)})
    return " ".join(told)


def in_order(risks: Sequence[OpenRisk]) -> list[OpenRisk]:
    """Return escalated risks first, then by their priority."""
    return sorted(
        risks,
        key=lambda risk: (not risk.is_escalated, WEIGHT.index(Priority(risk.priority))),
    )


def risk_line(risk: OpenRisk) -> str:
    """Say a risk in a line: how bad, what, and what is done about it."""
    priority = str(Priority(risk.priority).label).capitalize()
    words = (
        _("%(priority)s, escalated: %(risk)s")
        if risk.is_escalated
        else (_("%(priority)s: %(risk)s"))
    )
    line = words % {"priority": priority, "risk": risk.title}
    mitigation = " ".join(risk.mitigation.split())
    return f"{line} – {mitigation}" if mitigation else line


def lines(found: Sequence[str]) -> str:
    """Return one line each; many are cut short and counted."""
    shown = list(found[:MOST_LINES])
    if len(found) > MOST_LINES:
        shown.append(_("… and %(n)d more") % {"n": len(found) - MOST_LINES})
    return "\n".join(shown)


def told_hours(burn_down: BurnDown) -> dict[str, str]:
    """Return what the burn-down says as texts, to be kept with the report."""
    told = {
        "worked": burn_down.worked,
        "to_come": burn_down.to_come,
        "forecast": burn_down.forecast,
    }
    if burn_down.budget is not None:
        told |= {
            "budget": burn_down.budget.total,
            "remaining": burn_down.budget.total - burn_down.worked,
            "forecast_left": burn_down.budget.total - burn_down.forecast,
        }
    texts = {name: plain_hours(hours) for name, hours in told.items()}
    week = burn_down.over_budget_week
    return texts | ({"over": week.ends_on.isoformat()} if week else {})


def customer_sees_hours(kind: str, billing_terms: str) -> bool:
    """Tell whether the burn-down is for the customer's eyes: where hours are billed.

    Time and materials, and the time of a dedicated engineer (practice.md, sections 4
    and 9); of a fixed price they are our own affair.
    """
    return kind == Kind.DEDICATED or billing_terms == BillingTerms.TIME_AND_MATERIALS
