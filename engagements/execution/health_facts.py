"""Read what a report on health is drafted from: steps, deliverables, risks, people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from engagements.choices import ChangeState, Status
from engagements.execution.burn_down import burn_down_for
from engagements.execution.choices import (
    OPEN_DELIVERABLES,
    DeliverableState,
    RiskStatus,
)
from engagements.execution.models import Deliverable, HealthReport, ProjectRisk
from engagements.execution.rules.health_colours import (
    OpenRisk,
    Previous,
    Schedule,
    Scope,
)
from engagements.execution.rules.health_draft import ReportFacts
from engagements.models import Engagement
from psdelivery.people.models import TimeOff
from psdelivery.people.moments import day_text, span_text
from psdelivery.playbooks.choices import Phase, Repeat, StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.words import is_asked

LOOK_BACK = timedelta(days=7)
LOOK_AHEAD = timedelta(days=7)
DELIVERABLES_AHEAD = timedelta(days=14)
ABSENCES_AHEAD = timedelta(weeks=3)
# What is done for the customer; before and after it is our own affair.
TOLD_PHASES = frozenset({Phase.PLAN, Phase.DELIVER, Phase.VALIDATE})
STEP_FIELDS = (
    "key", "title", "subject_url", "state", "phase", "repeat", "again", "blocks_move",
    "done_at", "due_at",
    "due_day", "contact__name", "assignee__username", "assignee__first_name",
    "assignee__last_name", "checklist__is_paused",
)  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """When the report is drafted, and which day that is for who writes it."""

    now: datetime
    today: date


def facts_of(engagement: Engagement, at: Moment) -> ReportFacts:
    """Return all that the report is drafted from (ten queries, whatever the rows)."""
    steps = steps_near(engagement, at)
    deliverables = list(Deliverable.objects.filter(engagement=engagement))
    late = [step for step in steps if is_late(step, at)]
    homework = [s for s in steps if s.is_open and s.contact is not None]
    risks = open_risks(engagement)
    return ReportFacts(
        burn_down=burn_down_for(engagement, at.today),
        schedule=schedule_of(engagement, late, deliverables, risks, at),
        scope=scope_of(engagement, deliverables, risks),
        previous=previous_of(engagement, at.today),
        done=[*done_lines(steps), *handed_over(deliverables, at)],
        coming=[*coming_lines(steps, at), *due_soon(deliverables, at)],
        actions=[action_line(s) for s in [*homework, *ours_of(late)]],
        late_homework=[s.title for s in homework if is_late(s, at)],
        risks=risks,
        absences=absences_of(engagement, at.today),
        deliverables=len(deliverables),
        accepted=sum(d.state == DeliverableState.ACCEPTED for d in deliverables),
    )


def steps_near(engagement: Engagement, at: Moment) -> list[Step]:
    """Return the steps done lately, and the open ones that run and have a date."""
    # Classes have their own steps, and pages that tell how they stand.
    rows = Step.objects.filter(checklist=engagement.checklist_id, again=0)
    done = rows.filter(state=StepState.DONE, done_at__gt=at.now - LOOK_BACK)
    waiting = rows.running().filter(due_at__isnull=False)
    near = (done | waiting).select_related("contact", "assignee", "checklist")
    return list(near.only(*STEP_FIELDS).order_by("due_at", "order", "pk"))


def ours_of(steps: Iterable[Step]) -> list[Step]:
    """Return the steps that are not the customer's homework."""
    return [step for step in steps if step.contact is None]


def is_told(step: Step) -> bool:
    """Tell whether a step is news for the customer: work, and no weekly routine.

    What the portal asks somebody about a record of its own is ours to answer.
    """
    is_question = is_asked(step.key) and bool(step.subject_url)
    is_work = step.phase in TOLD_PHASES and step.repeat == Repeat.ONCE
    return is_work and not is_question


def is_late(step: Step, at: Moment) -> bool:
    """Tell whether an open step before the close is past its date; no routine."""
    if not step.is_open or step.due_at is None or step.due_at > at.now:
        return False
    return is_told(step) or step.blocks_move == Status.CLOSED


def done_lines(steps: Iterable[Step]) -> list[str]:
    """Return what was ticked in the last seven days."""
    return [step.title for step in steps if is_told(step) and not step.is_open]


def coming_lines(steps: Iterable[Step], at: Moment) -> list[str]:
    """Return what we have to do in the next seven days, with its day."""
    found = [
        step
        for step in ours_of(steps)
        if step.is_open
        and is_told(step)
        and step.due_at is not None
        and at.now < step.due_at <= at.now + LOOK_AHEAD
    ]
    return [with_day(step.title, step.due_day) for step in found]


def action_line(step: Step) -> str:
    """Say what is open, with whom and until when."""
    owner = step.contact or step.assignee
    who = f"{owner}: " if owner is not None else ""
    return f"{who}{with_day(step.title, step.due_day)}"


def with_day(title: str, day: date | None) -> str:
    """Say until when."""
    if day is None:
        return title
    return _("%(what)s (until %(day)s)") % {"what": title, "day": day_text(day)}


def handed_over(deliverables: Iterable[Deliverable], at: Moment) -> list[str]:
    """Return the deliverables that were delivered or decided in the last seven days."""
    since = at.now - LOOK_BACK
    return [
        f"{one} – {one.get_state_display()}"
        for one in deliverables
        if max(filter(None, [one.delivered_at, one.decided_at]), default=since) > since
    ]


def due_soon(deliverables: Iterable[Deliverable], at: Moment) -> list[str]:
    """Return what is to be delivered within two weeks."""
    end = at.today + DELIVERABLES_AHEAD
    return [
        with_day(one.title, one.due_on)
        for one in deliverables
        if one.state in OPEN_DELIVERABLES
        and one.due_on
        and at.today <= one.due_on <= end
    ]


def schedule_of(
    engagement: Engagement,
    late: Iterable[Step],
    deliverables: Iterable[Deliverable],
    risks: list[OpenRisk],
    at: Moment,
) -> Schedule:
    """Return what the schedule's colour is suggested from."""
    holding_up = [s.title for s in late if s.blocks_move == Status.CLOSED]
    overdue = [
        one.title
        for one in deliverables
        if one.state in OPEN_DELIVERABLES and one.due_on and one.due_on < at.today
    ]
    return Schedule(
        today=at.today,
        planned_end=engagement.planned_end,
        late=[s.title for s in late if s.title not in holding_up],
        holding_up=holding_up,
        overdue=overdue,
        risks=risks,
    )


def scope_of(
    engagement: Engagement, deliverables: Iterable[Deliverable], risks: list[OpenRisk]
) -> Scope:
    """Return what the scope's colour is suggested from."""
    waiting = engagement.changes.filter(state=ChangeState.REQUESTED)
    rejected = [d.title for d in deliverables if d.state == DeliverableState.REJECTED]
    titles = list(waiting.values_list("title", flat=True))
    return Scope(waiting_changes=titles, rejected=rejected, risks=risks)


def open_risks(engagement: Engagement) -> list[OpenRisk]:
    """Return the risks that are not closed."""
    found = ProjectRisk.objects.filter(engagement=engagement)
    return [
        OpenRisk(
            title=risk.title,
            priority=risk.priority,
            impact=risk.impact,
            status=risk.status,
            is_escalated=risk.is_escalated,
            mitigation=risk.mitigation,
        )
        for risk in found.exclude(status=RiskStatus.CLOSED)
    ]


def previous_of(engagement: Engagement, today: date) -> Previous | None:
    """Return what the last report before today said."""
    found = HealthReport.objects.filter(
        engagement=engagement, is_latest=True, day__lt=today
    )
    last = found.only("day", "client", "path_to_green").first()
    if last is None:
        return None
    return Previous(last.day, last.client, last.path_to_green)


def absences_of(engagement: Engagement, today: date) -> list[str]:
    """Return who of the team is away within three weeks; not why (one query)."""
    rows = TimeOff.objects.whole_days().filter(
        person__in=engagement.team.filter(person__isnull=False).values("person"),
        starts_on__lte=today + ABSENCES_AHEAD,
        ends_on__gte=today,
    )
    found = rows.select_related("person").order_by("starts_on", "pk")
    return [f"{one.person}: {span_text(one.starts_on, one.ends_on)}" for one in found]
