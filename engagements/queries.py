"""Reads of engagements that need more than a queryset method."""

from datetime import datetime

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery

from engagements.models import Engagement, TeamMember
from engagements.rules.gate import SPEC_BY_CODE, ConditionState, Gate, gate_of
from engagements.rules.moves import lead_role
from psdelivery.people.choices import EngagementRole
from psdelivery.playbooks.choices import Phase, StepState
from psdelivery.playbooks.models import Step


def condition_url(engagement: Engagement, code: str) -> str:
    """Return where a condition of the gate is recorded."""
    return f"{engagement.get_absolute_url()}gate/{code}/"


def gate_for(engagement: Engagement) -> Gate:
    """Return the engagement's gate from its conditions (one query)."""
    return gate_of(
        ConditionState(
            spec=SPEC_BY_CODE[condition.code],
            is_met=condition.is_met,
            waiting_since=condition.waiting_since,
            fix_url=condition_url(engagement, condition.code),
        )
        for condition in engagement.conditions.all()
    )


def has_lead(engagement: Engagement) -> bool:
    """Tell whether a person holds the leading role."""
    return TeamMember.objects.filter(
        engagement=engagement, role=lead_role(engagement.kind), person__isnull=False
    ).exists()


def step_of(engagement: Engagement, key: str) -> Step | None:
    """Return the engagement's own step of that key; an open one before a done one."""
    steps = Step.objects.filter(engagement=engagement, key=key).exclude(
        state=StepState.CANCELLED
    )
    open_first = sorted(steps, key=lambda step: (not step.is_open, step.pk))
    return open_first[0] if open_first else None


def steps_before(engagement: Engagement, status: str) -> list[Step]:
    """Return the open steps that are marked as before this status."""
    return list(Step.objects.open().filter(engagement=engagement, blocks_move=status))


def with_list_facts(engagements: QuerySet[Engagement], now: datetime) -> QuerySet:
    """Annotate what a list row shows: phase, next deadline, late steps, lead.

    Subqueries by the index of open steps, so that a page costs the same queries
    whatever the number of rows.
    """
    open_steps = Step.objects.open().filter(engagement=OuterRef("pk")).order_by()
    first_phase = open_steps.values("engagement").annotate(n=Min("phase")).values("n")
    next_due = (
        open_steps.filter(due_at__gt=now)
        .values("engagement")
        .annotate(n=Min("due_at"))
        .values("n")
    )
    late = (
        open_steps.filter(due_at__lte=now, checklist__is_paused=False)
        .values("engagement")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return engagements.select_related("customer", "region", "practice").annotate(
        phase_now=Subquery(first_phase),
        next_due_at=Subquery(next_due),
        late_steps=Subquery(late),
    )


def with_lead(engagements: QuerySet[Engagement]) -> QuerySet:
    """Annotate `lead_name`: who leads, empty where nobody is named."""
    leads = TeamMember.objects.filter(
        Q(role=EngagementRole.PM) | Q(role=EngagementRole.TC),
        engagement=OuterRef("pk"),
        person__isnull=False,
    ).order_by("role")
    return engagements.annotate(
        lead_first=Subquery(leads.values("person__first_name")[:1]),
        lead_last=Subquery(leads.values("person__last_name")[:1]),
    )


def late_condition(now: datetime) -> Exists:
    """Return the condition: the engagement has a late step."""
    return Exists(Step.objects.late(now).filter(engagement=OuterRef("pk")))


def due_condition(start: datetime, end: datetime) -> Exists:
    """Return the condition: a step falls due between the two moments."""
    return Exists(
        Step.objects.due_between(start, end).filter(engagement=OuterRef("pk"))
    )


def phases_of(engagement: Engagement) -> dict[int, dict[str, int]]:
    """Return per phase how many steps are open and how many there are."""
    counted = (
        Step.objects.filter(engagement=engagement)
        .exclude(state=StepState.CANCELLED)
        .order_by()
        .values("phase")
        .annotate(total=Count("pk"), open=Count("pk", filter=Q(state=StepState.OPEN)))
    )
    found = {row["phase"]: row for row in counted}
    return {
        phase: {
            "total": found.get(phase, {}).get("total", 0),
            "open": found.get(phase, {}).get("open", 0),
        }
        for phase in Phase.values
    }
