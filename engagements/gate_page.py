"""The gate as its tab shows it: conditions, work at risk, the welcome clock."""

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest

from engagements.access import Rights, rights_of
from engagements.choices import Blocks, RiskState
from engagements.models import Engagement, GateCondition, WorkAtRisk
from engagements.queries import gate_for, step_of
from engagements.rules.gate import ConditionState, Gate
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people.models import User
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.deadlines import why_due
from psdelivery.playbooks.services.deadlines import timing_of, with_schedule_facts

WELCOME = "welcome"


@dataclass(frozen=True)
class GateRow:
    """A condition of the gate as the page shows it."""

    state: ConditionState
    condition: GateCondition
    may_open: bool


@dataclass(frozen=True)
class GateGroup:
    """The conditions that stand against the same thing, and whether any is missing."""

    blocks: Blocks
    rows: list[GateRow]
    is_settled: bool


def gate_rows(engagement: Engagement, gate: Gate, rights: Rights) -> list[GateRow]:
    """Return the conditions in the gate's order, with what is on file for them."""
    by_code = {one.code: one for one in engagement.conditions.all()}
    sees_value = rights.may(Action.VALUE_SEE)
    return [
        GateRow(state, found, sees_value or not tells_money(found))
        for state in gate.conditions
        if (found := by_code[state.code])
    ]


def tells_money(condition: GateCondition) -> bool:
    """Tell whether the evidence is only for those who may see values."""
    return condition.evidence is not None and condition.evidence.is_money


def gate_groups(rows: list[GateRow]) -> list[GateGroup]:
    """Return the conditions by what they stand against (R-2)."""
    groups = []
    for blocks in Blocks:
        found = [row for row in rows if row.state.spec.blocks == blocks]
        settled = all(row.state.is_settled for row in found)
        groups.append(GateGroup(blocks, found, settled))
    return groups


@dataclass(frozen=True)
class WelcomeClock:
    """R-4: where the 72 business hours of the welcome mail stand, and why."""

    step: Step
    why: str

    @property
    def is_running(self) -> bool:
        return self.step.is_open and self.step.due_at is not None

    @property
    def is_stopped(self) -> bool:
        """Whether it waits for closed-won: not recorded yet, or withdrawn."""
        return self.step.is_open and self.step.due_at is None


def welcome_clock(engagement: Engagement) -> WelcomeClock | None:
    """R-4: return the clock of the welcome mail, None without such a step.

    It runs from closed-won on the customer's calendar; closed-won withdrawn stops it.
    """
    found = step_of(engagement, WELCOME)
    if found is None:
        return None
    step = with_schedule_facts(Step.objects.all()).get(pk=found.pk)
    return WelcomeClock(step, why_due(timing_of(step, portal_settings())))


def gate_tab(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """What stands on the tab "Gate"."""
    user = cast(User, request.user)  # the middleware lets nobody else through
    rights = rights_of(user, engagement)
    gate = gate_for(engagement, clock.now())
    risks = list(engagement.risks.all())
    return {
        "groups": gate_groups(gate_rows(engagement, gate, rights)),
        "gate": gate,
        "risks": risks,
        "asked": first_asked(risks),
        "welcome": welcome_clock(engagement),
        "may_edit": rights.may(Action.ENGAGEMENT_EDIT),
        "may_ask": rights.may(Action.GATE_WAIVE_REQUEST),
        "may_decide": rights.may(Action.GATE_WAIVE),
    }


def first_asked(risks: list[WorkAtRisk]) -> WorkAtRisk | None:
    """Return the work at risk that waits for a decision."""
    waiting = (risk for risk in risks if risk.state == RiskState.REQUESTED)
    return next(waiting, None)
