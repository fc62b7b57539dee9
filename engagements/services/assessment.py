"""Write the assessment; the gate and the checklist follow what it says."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from engagements.choices import Condition
from engagements.models import Assessment, Engagement, GateCondition, NeededSkill
from engagements.queries import step_of
from engagements.rules.assessment import is_qualified, reasons_against_outcome
from engagements.rules.gate import Evidence
from engagements.services.evidence_steps import tick_if_ready
from engagements.services.gate import record_condition, reopen_condition
from engagements.services.values import write_values
from psdelivery.documents.services import add_link
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.playbooks.rules.completion import (
    Completion,
)
from psdelivery.registry import RuleRefused

# Told by name only: whole texts would drown the history.
LONG = frozenset({"answers", "summary", "assumptions", "risks", "out_of_scope"})


def assessment_of(engagement: Engagement) -> Assessment | None:
    """Return the assessment of an engagement, None while nobody wrote one."""
    return Assessment.objects.filter(engagement=engagement).first()


@transaction.atomic
def save_assessment(
    engagement: Engagement,
    values: Mapping[str, Any],
    skills: Iterable[NeededSkill] | None = None,
    *,
    by: User,
    now: datetime,
) -> Assessment:
    """Write what is known; the skills meet a condition of the gate (R-2, advice).

    `skills` are unsaved rows that replace those there, None leaves them. Raises
    RuleRefused for an outcome that lacks what it stands on.
    """
    Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)
    assessment = assessment_of(engagement) or Assessment(engagement=engagement)
    told = write_values(assessment, values)
    if "outcome" in told:
        decide(assessment, by=by, now=now)
    assessment.changed_at = now
    assessment.save()
    if skills is not None:
        told |= replace_skills(assessment, skills)
    has_skills = assessment.skills.exists()
    reasons = reasons_against_outcome(assessment, has_skills=has_skills)
    if reasons:
        raise RuleRefused(reasons)
    record_assessment(assessment, told, by=by, now=now)
    if "skills_needed" in told:
        follow_skills(engagement, has_skills=has_skills, by=by, now=now)
    tick_steps(assessment, has_skills=has_skills, by=by, now=now)
    return assessment


def decide(assessment: Assessment, *, by: User, now: datetime) -> None:
    """Note who decided the outcome, and on which day of theirs (not saved)."""
    is_decided = bool(assessment.outcome)
    assessment.decided_by = by if is_decided else None
    assessment.decided_on = local_day(now, by.zone) if is_decided else None


def replace_skills(
    assessment: Assessment, skills: Iterable[NeededSkill]
) -> dict[str, list[object]]:
    """Save these needed skills in place of those there; return what differs."""
    old = [str(row) for row in assessment.skills.select_related("skill")]
    rows = list(skills)
    assessment.skills.all().delete()
    for row in rows:
        row.assessment = assessment
    NeededSkill.objects.bulk_create(rows)
    new = [str(row) for row in rows]
    return {} if old == new else {"skills_needed": [old, new]}


def record_assessment(
    assessment: Assessment, told: Mapping[str, list[object]], *, by: User, now: datetime
) -> None:
    """Write who changed what into the history, the outcome as an event of its own."""
    engagement = assessment.engagement
    outcome = {name: told[name] for name in told if name == "outcome"}
    short = {k: v for k, v in told.items() if k not in LONG | {"outcome"}}
    written = sorted(name for name in told if name in LONG)
    if written:
        short["written"] = [[], written]
    if short:
        record(
            "assessment-edited",
            by=by,
            subject=engagement,
            engagement=engagement,
            changes=short,
            now=now,
        )
    if outcome:
        record(
            "assessment-decided",
            by=by,
            subject=engagement,
            engagement=engagement,
            changes=outcome,
            reason=assessment.outcome_note,
            now=now,
        )


def follow_skills(
    engagement: Engagement, *, has_skills: bool, by: User, now: datetime
) -> None:
    """R-2: "skills named" is met by the assessment, and waits again without them."""
    found = GateCondition.objects.filter(engagement=engagement, code=Condition.SKILLS)
    condition = found.first()
    if condition is None or condition.is_met == has_skills:
        return
    if has_skills:
        day = local_day(now, engagement.customer.zone)
        evidence = Evidence(met_on=day)
        record_condition(engagement, Condition.SKILLS, evidence, by=by, now=now)
        return
    reopen_condition(engagement, Condition.SKILLS, by=by, now=now)


def tick_steps(
    assessment: Assessment, *, has_skills: bool, by: User, now: datetime
) -> None:
    """Tick the steps that ask for what now stands in the assessment."""
    engagement = assessment.engagement
    outcome = assessment.get_outcome_display()
    note = f"{outcome}. {assessment.outcome_note}".strip()
    checks = {
        "qualify": (is_qualified(assessment), "See the assessment."),
        "skills-and-effort": (has_skills and bool(assessment.effort), ""),
        "assessment-outcome": (bool(assessment.outcome), note),
    }
    if assessment.summary.strip() and assessment.scoping_url:
        tick_summary(assessment, by=by, now=now)
    for key, (is_ready, words) in checks.items():
        if is_ready:
            tick_if_ready(
                step_of(engagement, key), Completion(note=words), by=by, now=now
            )


def tick_summary(assessment: Assessment, *, by: User, now: datetime) -> None:
    """Tick the step of the summary with the scoping issue as its evidence."""
    step = step_of(assessment.engagement, "scoping-summary")
    if step is None or not step.is_open:
        return
    document = add_link(
        assessment.scoping_url,
        title=str(step),
        engagement=assessment.engagement,
        by=by,
        now=now,
    )
    tick_if_ready(step, Completion(evidence=document), by=by, now=now)
