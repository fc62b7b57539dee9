"""Ask for work at risk, decide it, and end it (R-3)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.choices import OPEN_STATUSES, RiskState
from engagements.models import Engagement, WorkAtRisk
from engagements.queries import gate_for
from engagements.rules.risk import (
    RiskTerms,
    plain_hours,
    reasons_against_asking,
    reasons_against_deciding,
    reasons_against_ending,
)
from engagements.services.approvals import close_question, drop_question
from engagements.services.gate import announce_gate, lock_engagement
from engagements.services.risk_news import (
    ask_for_decision,
    tell_of_decision,
    tell_of_end,
    tell_of_question,
    warn_before_end,
)
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.people.services.changes import one_transaction
from psdelivery.registry import Reason, RuleRefused, refuse


def ask_for_risk(
    engagement: Engagement, terms: RiskTerms, *, by: User, now: datetime
) -> WorkAtRisk:
    """R-3: ask the practice manager to waive named conditions; they get a step.

    Raises RuleRefused for what cannot be waived, and while another one waits.
    """
    with one_transaction():
        risk = save_request(engagement, terms, by=by, now=now)
        risk.decision_step = ask_for_decision(risk, by=by, now=now)
        risk.save(update_fields=["decision_step"])
        tell_of_question(risk, by=by, now=now)
        return risk


def waive_conditions(
    engagement: Engagement, terms: RiskTerms, *, by: User, now: datetime
) -> WorkAtRisk:
    """R-3: waive named conditions at once, by somebody who may decide it."""
    with one_transaction():
        risk = save_request(engagement, terms, by=by, now=now)
        return grant_risk(risk, by=by, now=now)


def save_request(
    engagement: Engagement, terms: RiskTerms, *, by: User, now: datetime
) -> WorkAtRisk:
    """Refuse or save what is asked for, inside the caller's transaction."""
    engagement = lock_engagement(engagement)
    today = local_day(now, engagement.customer.zone)
    refuse(
        [
            *reasons_of_status(engagement),
            *reasons_of_another(engagement),
            *reasons_against_asking(terms, gate_for(engagement, now), today=today),
        ]
    )
    risk = WorkAtRisk.objects.create(
        engagement=engagement,
        codes=list(terms.codes),
        reason=terms.reason,
        hours_cap=terms.hours_cap,
        expires_on=terms.expires_on,
        requested_by=by,
        requested_at=now,
    )
    record_risk("risk-asked", risk, by=by, reason=terms.reason, now=now)
    return risk


def reasons_of_status(engagement: Engagement) -> list[Reason]:
    """R-3: nobody works at risk on what is over, nor where there is no gate."""
    if engagement.has_gate and engagement.status in OPEN_STATUSES:
        return []
    sentence = _("There is nothing to waive: %(status)s.")
    status = engagement.get_status_display()
    return [Reason("nothing-to-waive", sentence % {"status": status})]


def reasons_of_another(engagement: Engagement) -> list[Reason]:
    """R-3: one question at a time; the constraint says so too."""
    waiting = engagement.risks.filter(state=RiskState.REQUESTED).first()
    if waiting is None:
        return []
    sentence = _("Work at risk is asked for already, and waits for a decision.")
    url = waiting.get_absolute_url()
    return [Reason("asked-already", sentence, url, _("Open it"))]


@transaction.atomic
def grant_risk(
    risk: WorkAtRisk, *, by: User, note: str = "", now: datetime
) -> WorkAtRisk:
    """R-3: waive the conditions until the last day; may open the gate.

    A step warns before the end. Older waivers of the same conditions end with it.
    Raises RuleRefused when it was decided meanwhile, or its last day is over.
    """
    engagement = lock_engagement(risk.engagement)
    was_open = gate_for(engagement, now).is_open
    risk = put_decision(risk, RiskState.GRANTED, by=by, note=note, now=now)
    replace_older(risk, by=by, now=now)
    risk.warning_step = warn_before_end(risk, by=by, now=now)
    risk.save(update_fields=["warning_step"])
    announce_gate(engagement, was_open, by=by, now=now)
    tell_of_decision(risk, by=by, now=now)
    return risk


@transaction.atomic
def refuse_risk(risk: WorkAtRisk, *, by: User, note: str, now: datetime) -> WorkAtRisk:
    """R-3: say no, and why. Raises RuleRefused without words."""
    lock_engagement(risk.engagement)
    risk = put_decision(risk, RiskState.REFUSED, by=by, note=note, now=now)
    tell_of_decision(risk, by=by, now=now)
    return risk


def put_decision(
    risk: WorkAtRisk, state: RiskState, *, by: User, note: str, now: datetime
) -> WorkAtRisk:
    """Save the decision, tick the step that asked for it, write the history."""
    risk = locked_risk(risk)
    today = local_day(now, risk.engagement.customer.zone)
    is_granted = state == RiskState.GRANTED
    refuse(
        reasons_against_deciding(risk, is_granted=is_granted, note=note, today=today)
    )
    risk.state, risk.decision_note = state, note
    risk.decided_by, risk.decided_at, risk.decided_on = by, now, today
    risk.save()
    verb = "risk-granted" if is_granted else "risk-refused"
    record_risk(verb, risk, by=by, reason=note, now=now)
    close_question(risk.decision_step, risk.get_state_display(), by=by, now=now)
    return risk


def locked_risk(risk: WorkAtRisk) -> WorkAtRisk:
    """Return the row as it is stored, locked."""
    rows = WorkAtRisk.objects.select_for_update(of=("self",))
    return rows.select_related("engagement__customer", "decision_step").get(pk=risk.pk)


def replace_older(risk: WorkAtRisk, *, by: User, now: datetime) -> None:
    """End running waivers that name nothing beyond what the new one names."""
    running = WorkAtRisk.objects.running().filter(engagement=risk.engagement)
    for older in running.exclude(pk=risk.pk):
        if set(older.codes) <= set(risk.codes):
            put_end(older, _("Replaced by a new one."), by=by, now=now)


@transaction.atomic
def end_risk(risk: WorkAtRisk, *, by: User, reason: str, now: datetime) -> WorkAtRisk:
    """R-3: end it before its last day, with a reason; may close the gate."""
    engagement = lock_engagement(risk.engagement)
    risk = locked_risk(risk)
    refuse(reasons_against_ending(risk, reason))
    was_open = gate_for(engagement, now).is_open
    put_end(risk, reason, by=by, now=now)
    announce_gate(engagement, was_open, by=by, now=now)
    tell_of_end(risk, by=by, now=now)
    return risk


def put_end(risk: WorkAtRisk, reason: str, *, by: User, now: datetime) -> None:
    """Save the early end, drop the warning, write the history."""
    risk.state, risk.end_reason = RiskState.ENDED, reason
    risk.ended_by, risk.ended_at = by, now
    risk.ended_on = local_day(now, risk.engagement.customer.zone)
    risk.save()
    drop_question(risk.warning_step, now=now)
    record_risk("risk-ended", risk, by=by, reason=reason, now=now)


@transaction.atomic
def take_risk_back(risk: WorkAtRisk, *, by: User | None, now: datetime) -> WorkAtRisk:
    """Take back what was asked for before it is decided. Raises RuleRefused."""
    risk = locked_risk(risk)
    if risk.state != RiskState.REQUESTED:
        sentence = _("This was decided meanwhile: %(state)s.")
        reason = sentence % {"state": risk.get_state_display()}
        raise RuleRefused([Reason("decided", reason)])
    risk.state = RiskState.WITHDRAWN
    risk.save(update_fields=["state"])
    drop_question(risk.decision_step, now=now)
    record_risk("risk-taken-back", risk, by=by, now=now)
    return risk


def record_risk(
    verb: str, risk: WorkAtRisk, *, by: User | None, reason: str = "", now: datetime
) -> None:
    """Write what happened to the work at risk, with its terms, into the history."""
    record(
        verb,
        by=by,
        subject=risk,
        engagement=risk.engagement,
        changes={
            "hours_cap": ["", plain_hours(risk.hours_cap)],
            "expires_on": ["", risk.expires_on],
        }
        if verb in {"risk-asked", "risk-granted"}
        else {},
        reason=reason,
        now=now,
    )
