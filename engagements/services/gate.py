"""Record and withdraw the evidence that opens the gate (R-2)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.choices import Condition, RiskState
from engagements.events import GateChanged, RiskReleased
from engagements.models import Engagement, GateCondition, WorkAtRisk
from engagements.queries import gate_for
from engagements.rules.gate import (
    FORECAST_IS_SURE,
    SPECS,
    Evidence,
    reasons_against_evidence,
    reasons_against_withdrawing,
)
from engagements.services.evidence_steps import (
    reopen_step_of_condition,
    tick_step_of_condition,
)
from engagements.services.planned_dates import follow_planned_dates
from engagements.services.signature import ask_about_bookings, settle_withdrawal
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.playbooks.models import Anchor, Checklist, Step
from psdelivery.playbooks.services.checklists import cancel_steps, set_anchor
from psdelivery.registry import RuleRefused, reactions

GATE_OPEN = "gate_open"


def lock_engagement(engagement: Engagement) -> Engagement:
    """Lock what the gate, its waivers and the bookings decide on together."""
    return Engagement.objects.select_for_update(of=("self",), no_key=True).get(
        pk=engagement.pk
    )


def create_conditions(engagement: Engagement, *, now: datetime) -> None:
    """Open one waiting condition of each kind for a new engagement."""
    if engagement.has_gate:
        GateCondition.objects.bulk_create(
            GateCondition(engagement=engagement, code=spec.code, waiting_since=now)
            for spec in SPECS
        )


@transaction.atomic
def record_condition(
    engagement: Engagement,
    code: str,
    evidence: Evidence,
    *,
    by: User | None,
    now: datetime,
) -> GateCondition:
    """Put the evidence of a condition on file; raise RuleRefused when it lacks any.

    R-2. May open the gate, and starts the clocks that hang on closed-won.
    """
    today = local_day(now, engagement.customer.zone)
    reasons = reasons_against_evidence(code, evidence, today=today, now=now)
    if reasons:
        raise RuleRefused(reasons)
    lock_engagement(engagement)
    was_open = gate_for(engagement, now).is_open
    condition = GateCondition.objects.select_for_update().get(
        engagement=engagement, code=code
    )
    changes = {code: [condition.met_on, evidence.met_on]}
    condition.met_on, condition.evidence = evidence.met_on, evidence.document
    condition.note = evidence.note
    condition.recorded_by, condition.recorded_at = by, now
    condition.save()
    record(
        "gate-condition-met",
        by=by,
        subject=condition,
        engagement=engagement,
        changes=changes,
        reason=evidence.note,
        now=now,
    )
    if code == Condition.CLOSED_WON:
        set_closed_won(engagement, evidence.happened_at, by=by, now=now)
    tick_step_of_condition(engagement, code, evidence, by=by, now=now)
    release_waivers(engagement, by=by, now=now)
    settle_withdrawal(condition, by=by, now=now)
    announce_gate(engagement, was_open, by=by, now=now)
    return condition


def set_closed_won(
    engagement: Engagement, moment: datetime | None, *, by: User | None, now: datetime
) -> None:
    """R-4: closed-won starts the clock of the welcome mail; None stops it.

    The playbook counts 72 business hours from this moment on the customer's calendar.
    """
    engagement.closed_won_at = moment
    engagement.save(update_fields=["closed_won_at"])
    if engagement.checklist is not None:
        set_anchor(engagement.checklist, "closed_won", moment, by=by, now=now)


@transaction.atomic
def withdraw_condition(
    engagement: Engagement, code: str, *, by: User, reason: str, now: datetime
) -> GateCondition:
    """Take a condition's evidence back, with the reason; may close the gate (R-2).

    The document stays on file. Raises RuleRefused without a reason, and for what
    was not recorded.
    """
    lock_engagement(engagement)
    condition = GateCondition.objects.select_for_update().get(
        engagement=engagement, code=code
    )
    reasons = reasons_against_withdrawing(condition, reason)
    if reasons:
        raise RuleRefused(reasons)
    was_open = gate_for(engagement, now).is_open
    changes = {code: [condition.met_on, None]}
    condition.met_on, condition.evidence, condition.note = None, None, ""
    condition.waiting_since = now
    condition.save()
    record(
        "gate-condition-withdrawn",
        by=by,
        subject=condition,
        engagement=engagement,
        changes=changes,
        reason=reason,
        now=now,
    )
    if code == Condition.CLOSED_WON:
        set_closed_won(engagement, None, by=by, now=now)
    reopen_step_of_condition(engagement, code, by=by, reason=reason, now=now)
    ask_about_bookings(condition, by=by, reason=reason, now=now)
    announce_gate(engagement, was_open, by=by, now=now)
    return condition


def announce_gate(
    engagement: Engagement, was_open: bool, *, by: User | None, now: datetime
) -> None:
    """Date the anchor `gate_open` and tell the others when the gate has turned."""
    is_open = gate_for(fresh(engagement), now).is_open
    if is_open == was_open:
        return
    record(
        "gate-opened" if is_open else "gate-closed",
        by=by,
        subject=engagement,
        engagement=engagement,
        now=now,
    )
    if engagement.checklist is not None:
        date_opening(engagement.checklist, is_open, by=by, now=now)
        follow_planned_dates(engagement, by=by, now=now)
    reactions.publish(
        GateChanged(engagement=engagement, is_open=is_open, by=by, now=now)
    )


def date_opening(
    checklist: Checklist, is_open: bool, *, by: User | None, now: datetime
) -> None:
    """Date the anchor `gate_open`, or take its date back.

    Where work at risk ran out nobody closed the gate: when what it waived comes in,
    the first opening still counts.
    """
    anchor = Anchor.objects.filter(checklist=checklist, key=GATE_OPEN).first()
    if is_open and anchor is not None and anchor.value is not None:
        return
    set_anchor(checklist, GATE_OPEN, now if is_open else None, by=by, now=now)


def release_waivers(engagement: Engagement, *, by: User | None, now: datetime) -> None:
    """R-3: release work at risk whose conditions are all met: its hours are billable.

    What was only asked for is no longer needed, and taken back.
    """
    waiting = GateCondition.objects.filter(engagement=engagement, met_on=None)
    missing = set(waiting.values_list("code", flat=True))
    for risk in engagement.risks.filter(released_at=None).exclude(
        state__in=[RiskState.REFUSED, RiskState.WITHDRAWN]
    ):
        if not missing & set(risk.codes):
            release_waiver(risk, by=by, now=now)


def release_waiver(risk: WorkAtRisk, *, by: User | None, now: datetime) -> None:
    """Mark one waiver as no longer needed, and drop the steps that it opened."""
    if risk.state == RiskState.REQUESTED:
        risk.state = RiskState.WITHDRAWN
    else:
        risk.released_at = now
    risk.save(update_fields=["state", "released_at"])
    steps = [risk.decision_step_id, risk.warning_step_id]
    opened = [pk for pk in steps if pk is not None]
    cancel_steps(Step.objects.filter(pk__in=opened), now=now)
    record(
        "risk-released",
        by=by,
        subject=risk,
        engagement=risk.engagement,
        now=now,
    )
    reactions.publish(RiskReleased(risk=risk, by=by, now=now))


def fresh(engagement: Engagement) -> Engagement:
    """Return the engagement without what was read of it before."""
    return Engagement.objects.get(pk=engagement.pk)


def note_intake_conditions(
    engagement: Engagement, *, by: User | None, now: datetime
) -> None:
    """Meet or reopen the conditions that the intake itself answers.

    Billing terms stand on the paper; the forecast is sure from Commit on.
    """
    if not engagement.has_gate:
        return
    day = local_day(now, engagement.customer.zone)
    answers = {
        Condition.BILLING_TERMS: bool(engagement.paper.billing_terms),
        Condition.FORECAST: engagement.forecast_category in FORECAST_IS_SURE,
    }
    met = {
        c.code: c.is_met for c in GateCondition.objects.filter(engagement=engagement)
    }
    for code, is_answered in answers.items():
        if is_answered and not met[code]:
            record_condition(engagement, code, Evidence(met_on=day), by=by, now=now)
        if met[code] and not is_answered:
            reopen_condition(engagement, code, by=by, now=now)


def reopen_condition(
    engagement: Engagement, code: str, *, by: User | None, now: datetime
) -> None:
    """Let a condition wait again because the intake no longer answers it."""
    was_open = gate_for(fresh(engagement), now).is_open
    GateCondition.objects.filter(engagement=engagement, code=code).update(
        met_on=None, waiting_since=now
    )
    record(
        "gate-condition-withdrawn",
        by=by,
        subject=engagement,
        engagement=engagement,
        changes={code: [_("met"), ""]},
        now=now,
    )
    announce_gate(engagement, was_open, by=by, now=now)
