"""Take over, add and decide the assumptions of an engagement (R-10)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from engagements.execution.choices import AssumptionState
from engagements.execution.models import Assumption, DiscoverySession, ProjectRisk
from engagements.execution.rules.assumptions import (
    assumptions_in,
    goes_to_lead,
    not_taken_yet,
    reasons_against_deciding,
    reasons_against_dropping,
    reasons_against_risk,
)
from engagements.execution.rules.discovery import reasons_against_writing
from engagements.execution.services.risks import add_risk
from engagements.execution.services.work_items import hold_builds_of
from engagements.models import Assessment, Engagement
from engagements.owners import owners_of
from engagements.services.gate import lock_engagement
from psdelivery.calendars import add_business_days
from psdelivery.history.services import Changes, record
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.adhoc import AdHocStep
from psdelivery.playbooks.services.adhoc import add_step
from psdelivery.registry import refuse

RISK_TITLE_LENGTH = 200


@dataclass(frozen=True, kw_only=True)
class RiskOfAssumption:
    """How bad it would be, and for what; `mitigation` is what is done about it."""

    priority: str
    impact: str
    mitigation: str = ""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What became of an assumption, what shows it, and in which session."""

    state: str
    evidence: str
    session: DiscoverySession | None = None
    risk: RiskOfAssumption | None = None


def assumptions_of(engagement: Engagement) -> list[Assumption]:
    """Return the assumptions in their order, with who decided and the risk."""
    found = Assumption.objects.filter(engagement=engagement)
    return list(found.select_related("decided_by", "session", "risk"))


def waiting_lines(engagement: Engagement) -> list[str]:
    """Return the lines of the assessment that were not taken over yet."""
    assessment = Assessment.objects.filter(engagement=engagement).first()
    if assessment is None or not assessment.assumptions.strip():
        return []
    present = Assumption.objects.filter(engagement=engagement)
    lines = assumptions_in(assessment.assumptions)
    return not_taken_yet(present.values_list("text", flat=True), lines)


@transaction.atomic
def take_over_assumptions(
    engagement: Engagement, *, by: User | None, now: datetime
) -> int:
    """Take over what the assessment assumes, one a line; return how many were new.

    Raises RuleRefused for work that is over.
    """
    refuse(reasons_against_writing(engagement))
    # Two people who take over at once wait for each other here.
    lock_engagement(engagement)
    lines = waiting_lines(engagement)
    first = next_order(engagement)
    Assumption.objects.bulk_create(
        Assumption(engagement=engagement, text=text, order=order, is_initial=True)
        for order, text in enumerate(lines, first)
    )
    if lines:
        record(
            "assumptions-taken",
            by=by,
            subject=engagement,
            engagement=engagement,
            changes={"assumptions": ["", str(len(lines))]},
            now=now,
        )
    return len(lines)


def next_order(engagement: Engagement) -> int:
    """Return the place after the last assumption."""
    found = Assumption.objects.filter(engagement=engagement)
    last = found.aggregate(last=Max("order"))["last"]
    return 0 if last is None else last + 1


@transaction.atomic
def add_assumption(
    engagement: Engagement, text: str, *, by: User, now: datetime
) -> Assumption:
    """Add an assumption that came up later; raises RuleRefused where work is over."""
    refuse(reasons_against_writing(engagement))
    assumption = Assumption.objects.create(
        engagement=engagement, text=text, order=next_order(engagement)
    )
    tell("assumption-added", assumption, by=by, now=now)
    return assumption


@transaction.atomic
def decide_assumption(
    assumption: Assumption, decision: Decision, *, by: User, now: datetime
) -> Assumption:
    """R-10: say that an assumption holds, does not, or is open again, with evidence.

    With `risk` it becomes a risk of the engagement. The lead gets a step where
    something was overturned that is no risk. Raises RuleRefused.
    """
    refuse(reasons_against_writing(assumption.engagement))
    stored = lock_assumption(assumption)
    refuse(reasons_against_deciding(decision.state, decision.evidence))
    old = stored.state
    stored.state, stored.evidence = decision.state, decision.evidence.strip()
    stored.session = decision.session or stored.session
    is_open = decision.state == AssumptionState.OPEN
    stored.decided_by, stored.decided_at = (None, None) if is_open else (by, now)
    if decision.risk is not None:
        refuse(reasons_against_risk(stored, decision.state))
        stored.risk = risk_of(stored, decision.risk, by=by, now=now)
    stored.save()
    tell_decided(stored, old, by=by, now=now)
    if is_open:
        hold_builds_of(stored, by=by, now=now)
    if goes_to_lead(old, stored.state, becomes_risk=stored.risk_id is not None):
        ask_lead(stored, by=by, now=now)
    return stored


def tell_decided(assumption: Assumption, old: str, *, by: User, now: datetime) -> None:
    """Tell the history what became of an assumption, with the evidence as reason."""
    pair = [old, assumption.state]
    changes: Changes = {"assumption_state": pair} if pair[0] != pair[1] else {}
    reason = assumption.evidence
    tell("assumption-decided", assumption, changes, by=by, reason=reason, now=now)


def risk_of(
    assumption: Assumption, wanted: RiskOfAssumption, *, by: User, now: datetime
) -> ProjectRisk:
    """Put the assumption on the list of risks; the lead looks after it."""
    engagement = assumption.engagement
    return add_risk(
        engagement,
        title=Truncator(assumption.text).chars(RISK_TITLE_LENGTH),
        priority=wanted.priority,
        impact=wanted.impact,
        owner=owners_of(engagement).by_role.get(EngagementRole.LEAD),
        mitigation=wanted.mitigation,
        by=by,
        now=now,
    )


def ask_lead(assumption: Assumption, *, by: User, now: datetime) -> None:
    """Give the lead the same working day to look at what was overturned.

    One open step serves for all; nobody asks themselves.
    """
    engagement = assumption.engagement
    owners = owners_of(engagement)
    lead = owners.by_role.get(EngagementRole.LEAD)
    title = _("Look at what discovery overturned")
    waiting = Step.objects.open().filter(engagement=engagement, title=title)
    if engagement.checklist is None or lead == by or waiting.exists():
        return
    calendar = lead.calendar if lead else engagement.customer.calendar
    today = local_day(now, calendar.zone)
    asked = AdHocStep(
        title=title,
        owner_role=EngagementRole.LEAD,
        due_day=add_business_days(today, 0, calendar),
        instructions=_(
            "%(person)s notes: “%(assumption)s” does not hold. See what it does to "
            "scope and effort: change order, risk, or nothing; and tell the customer."
        )
        % {"person": by, "assumption": assumption.text},
        subject_url=f"{engagement.get_absolute_url()}discovery/#assumptions",
    )
    add_step(engagement.checklist, asked, owners=owners, by=by, now=now)


@transaction.atomic
def drop_assumption(assumption: Assumption, *, by: User, now: datetime) -> None:
    """Take away an assumption that was added by mistake. Raises RuleRefused."""
    refuse(reasons_against_writing(assumption.engagement))
    stored = lock_assumption(assumption)
    refuse(reasons_against_dropping(stored, stored.work_items.count()))
    tell("assumption-dropped", stored, by=by, now=now)
    stored.delete()


def lock_assumption(assumption: Assumption) -> Assumption:
    """Read the assumption anew and keep others from deciding it meanwhile."""
    rows = Assumption.objects.select_for_update(of=("self",))
    stored = rows.get(pk=assumption.pk)
    stored.engagement = assumption.engagement
    return stored


def tell(
    verb: str,
    assumption: Assumption,
    changes: Changes | None = None,
    *,
    by: User,
    reason: str = "",
    now: datetime,
) -> None:
    """Write what became of an assumption into the engagement's history."""
    record(
        verb,
        by=by,
        subject=assumption,
        engagement=assumption.engagement,
        changes=changes or {},
        reason=reason,
        now=now,
    )
