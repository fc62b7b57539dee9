"""Reads of engagements that need more than a queryset method."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    prefetch_related_objects,
)

from engagements.choices import Condition, Kind
from engagements.models import (
    Engagement,
    GateCondition,
    Offering,
    TeamMember,
    WorkAtRisk,
)
from engagements.models.risk import WorkAtRiskQuerySet
from engagements.rules.gate import SPEC_BY_CODE, ConditionState, Gate, gate_of
from engagements.rules.moves import edit_url, lead_role
from engagements.rules.risk import newest_waivers
from engagements.turns import days_shown
from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.models import Message
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.playbooks.choices import Phase, StepState
from psdelivery.playbooks.models import Step, StepQuerySet

# Mail in these states is known to somebody outside, or may be.
LEFT_STATES = (State.SENT, State.KEPT, State.ELSEWHERE, State.NEEDS_LOOK)
RISK_PEOPLE = ("requested_by", "decided_by", "ended_by")
NAME_FIELDS = ("username", "first_name", "last_name")
# What a list and the head of a page tell of a step.
HEAD_FIELDS = ("title", "state", "due_at", "due_is_day", "due_day", "due_zone")
# Answered by a field of the intake: mended there, not by evidence of their own.
FIELD_OF_CONDITION = {
    Condition.BILLING_TERMS.value: "id_paper-billing_terms",
    Condition.FORECAST.value: "id_forecast_category",
}


def condition_url(engagement: Engagement, code: str) -> str:
    """Return where a condition of the gate is recorded."""
    if code in FIELD_OF_CONDITION:
        return f"{edit_url(engagement)}#{FIELD_OF_CONDITION[code]}"
    return f"{engagement.get_absolute_url()}gate/{code}/"


def gate_for(engagement: Engagement, now: datetime) -> Gate:
    """Return the engagement's gate as it stands at that moment (two queries)."""
    waivers = newest_waivers(open_waivers(engagement))
    today = local_day(now, engagement.customer.zone) if waivers else now.date()
    return gate_of(
        condition_state(condition, waivers.get(condition.code), today)
        for condition in engagement.conditions.all()
    )


def open_waivers(engagement: Engagement) -> list[WorkAtRisk]:
    """Return work at risk that was granted and not released, the newest first.

    No query where `fetch_page_facts` has fetched it.
    """
    decided = [
        (risk.decided_at, risk.pk, risk)
        for risk in engagement.risks.all()
        if risk.is_unreleased and risk.decided_at is not None
    ]
    return [risk for _at, _pk, risk in sorted(decided, reverse=True)]


def risks_with_people() -> WorkAtRiskQuerySet:
    """Return work at risk with those who asked, decided and ended."""
    return WorkAtRisk.objects.select_related(*RISK_PEOPLE)


def condition_state(
    condition: GateCondition, waiver: WorkAtRisk | None, today: date
) -> ConditionState:
    """Return a condition with what stands in for it on the customer's day."""
    return ConditionState(
        spec=SPEC_BY_CODE[condition.code],
        is_met=condition.is_met,
        waiting_since=condition.waiting_since,
        fix_url=condition_url(condition.engagement, condition.code),
        waiver=waiver,
        is_waived=waiver is not None and waiver.runs_on(today),
    )


def has_lead(engagement: Engagement) -> bool:
    """Tell whether a person holds the leading role."""
    return TeamMember.objects.filter(
        engagement=engagement, role=lead_role(engagement.kind), person__isnull=False
    ).exists()


def step_of(engagement: Engagement, key: str) -> Step | None:
    """Return the step of that key on the engagement's own checklist, an open one first.

    Classes and sessions have checklists of their own, whose keys do not count here;
    nor does a "Re-send …" (R-20), whose step was done.
    """
    own = Step.objects.filter(checklist=engagement.checklist_id, key=key, again=0)
    steps = own.exclude(state=StepState.CANCELLED)
    open_first = sorted(steps, key=lambda step: (not step.is_open, step.pk))
    return open_first[0] if open_first else None


def steps_before(engagement: Engagement, status: str) -> list[Step]:
    """Return the open steps that are marked as before this status."""
    return list(Step.objects.open().filter(engagement=engagement, blocks_move=status))


def coming_steps(now: datetime) -> StepQuerySet:
    """Return the running steps of the outer engagement whose date is to come."""
    running = Step.objects.running().filter(engagement=OuterRef("pk"), due_at__gt=now)
    return running.order_by("due_at", "pk")


def with_list_facts(
    engagements: QuerySet[Engagement], now: datetime
) -> QuerySet[Engagement]:
    """Annotate what a list row shows: phase, next step, late steps, lead.

    Subqueries by the index of open steps, so that a page costs the same queries
    whatever the number of rows; `list_rows` fetches what the ids name.
    """
    open_steps = Step.objects.open().filter(engagement=OuterRef("pk")).order_by()
    first_phase = open_steps.values("engagement").annotate(n=Min("phase")).values("n")
    late = (
        Step.objects.late(now)
        .filter(engagement=OuterRef("pk"))
        .order_by()
        .values("engagement")
        .annotate(n=Count("due_at"))
        .values("n")
    )
    at_risk = WorkAtRisk.objects.running().filter(engagement=OuterRef("pk"))
    return with_lead(engagements).annotate(
        at_risk_until=Subquery(
            at_risk.order_by("-expires_on").values("expires_on")[:1]
        ),
        phase_now=Subquery(first_phase),
        next_step_id=Subquery(coming_steps(now).values("pk")[:1]),
        late_steps=Subquery(late),
    )


def only_listed(engagements: QuerySet[Engagement]) -> QuerySet[Engagement]:
    """Read only the columns that a row of the list shows."""
    own = ("title", "kind", "status", "ball_with", "ball_since")
    others = ("customer__name", "customer__zone", "paper__value", "paper__currency")
    return engagements.only(*own, *others)


def with_next_due(
    engagements: QuerySet[Engagement], now: datetime
) -> QuerySet[Engagement]:
    """Annotate `next_due_at`, by which lists are put in order."""
    due = coming_steps(now).values("due_at")[:1]
    return engagements.annotate(next_due_at=Subquery(due))


def with_lead(engagements: QuerySet[Engagement]) -> QuerySet[Engagement]:
    """Annotate `lead_id`: the PM, for training the TC; none where nobody is named."""
    role = Case(
        When(kind=Kind.TRAINING, then=Value(EngagementRole.TC.value)),
        default=Value(EngagementRole.PM.value),
        output_field=CharField(),
    )
    leads = TeamMember.objects.filter(
        role=OuterRef("leading_role"), engagement=OuterRef("pk"), person__isnull=False
    ).order_by("pk")
    return engagements.annotate(leading_role=role).annotate(
        lead_id=Subquery(leads.values("person")[:1])
    )


@dataclass(frozen=True)
class ListRow:
    """An engagement as a list shows it; `late` is how many of its steps are late."""

    engagement: Engagement
    phase: str
    next_step: Step | None
    late: int
    lead: User | None
    sees_value: bool
    at_risk_until: date | None = None
    ball_days: int | None = None


def list_rows(engagements: Iterable[Any], now: datetime | None = None) -> list[ListRow]:
    """Return the rows for engagements of `with_list_facts`; two queries for all.

    With `now` they tell days with the ball, where these were asked for.
    """
    found = list(engagements)
    steps, people = Step.objects.only(*HEAD_FIELDS), User.objects.only(*NAME_FIELDS)
    next_steps = steps.in_bulk({one.next_step_id for one in found} - {None})
    leads = people.in_bulk({one.lead_id for one in found} - {None})
    return [
        ListRow(
            engagement=one,
            phase=str(Phase(one.phase_now).label) if one.phase_now else "",
            next_step=next_steps.get(one.next_step_id),
            late=one.late_steps or 0,
            lead=leads.get(one.lead_id),
            sees_value=getattr(one, "sees_value", False),
            at_risk_until=one.at_risk_until,
            ball_days=days_shown(one, now) if now else None,
        )
        for one in found
    ]


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
        .values_list("phase")
        .annotate(
            total=Count("pk"), still_open=Count("pk", filter=Q(state=StepState.OPEN))
        )
    )
    found = {phase: {"total": total, "open": open_} for phase, total, open_ in counted}
    return {phase: found.get(phase, {"total": 0, "open": 0}) for phase in Phase.values}


def team_of(engagement: Engagement) -> list[TeamMember]:
    """Return the team with its people, in the order of the roles.

    No query where `fetch_page_facts` has fetched it.
    """
    members = engagement.team.all()
    order = {role: place for place, role in enumerate(EngagementRole.values)}
    return sorted(members, key=lambda member: (order[member.role], member.pk))


def fetch_page_facts(engagement: Engagement) -> Engagement:
    """Fetch gate, waivers, team and turns once for the page (four queries)."""
    conditions = GateCondition.objects.select_related("evidence")
    team = TeamMember.objects.select_related("person")
    prefetch_related_objects(
        [engagement],
        Prefetch("conditions", conditions),
        # Most have none, and then nobody is asked for.
        Prefetch("risks", WorkAtRisk.objects.prefetch_related(*RISK_PEOPLE)),
        Prefetch("team", team),
        "ball_periods",
    )
    return engagement


def next_step_of(engagement: Engagement, now: datetime) -> Step | None:
    """Return the running step that falls due next."""
    running = Step.objects.running().filter(engagement=engagement, due_at__gt=now)
    return running.only(*HEAD_FIELDS).order_by("due_at", "pk").first()


def step_with_ball(engagement: Engagement) -> Step | None:
    """Return the step that says with whom the ball is, unless somebody said it."""
    step = engagement.ball_step_id
    if step is None or engagement.ball_by_hand or not engagement.ball_derived:
        return None
    return Step.objects.filter(pk=step).only("title").first()


def late_count(engagement: Engagement, now: datetime) -> int:
    """Return how many steps of the engagement are late."""
    return Step.objects.late(now).filter(engagement=engagement).count()


def homework_of(engagement: Engagement) -> StepQuerySet:
    """Return the open steps that a contact of the customer has to do."""
    steps = Step.objects.open().filter(engagement=engagement)
    return steps.filter(contact__isnull=False)


def offerings_by_category() -> QuerySet[Offering]:
    """Return the catalogue in its order, with the course of education offerings."""
    return Offering.objects.select_related("course").order_by(
        "category", "type", "title"
    )


def customers_told(engagement: Engagement) -> list[str]:
    """Return the addresses at the customer that mail about the work went to."""
    sent = Message.objects.filter(
        engagement=engagement, audience=Audience.CUSTOMER, state__in=LEFT_STATES
    )
    return sorted({address for message in sent for address in message.to})
