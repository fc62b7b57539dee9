"""The step of whoever acts next on a request, and its response clock."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from engagements.owners import owners_of
from psdelivery.calendars import Calendar
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.people.models import Pool, User
from psdelivery.people.moments import local_day
from psdelivery.people.queries import coordinator_pool
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.choices import Phase
from psdelivery.playbooks.models import Checklist, Step
from psdelivery.playbooks.owners import Assignment, assignment_for, still_here
from psdelivery.playbooks.rules.adhoc import AdHocStep
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.adhoc import add_step, standing_checklist
from psdelivery.playbooks.services.checklists import cancel_steps
from psdelivery.playbooks.services.deadlines import pool_calendar
from psdelivery.playbooks.services.handing import delegate_step
from psdelivery.playbooks.services.steps import complete_step
from scheduling.choices import INTERNAL_KINDS, RequestBall, RequestKind, RequestState
from scheduling.models import ResourceRequest
from scheduling.rules.requests import answer_day, days_left
from scheduling.settings import ANSWER_DAYS
from scheduling.words import headline, hours_text

ANYWHERE = "Coordinators"
# A short clock: said on the day itself, then each day to who can help.
REMINDERS = {"owner": [1, 0], "coordinator": [1], "manager": [2]}


@dataclass(frozen=True)
class Turn:
    """A turn that begins: since when the clock stood, and by when it must end.

    `due_at` is that of what was offered; coordination has its own days.
    """

    stopped_at: datetime | None = None
    due_at: datetime | None = None


def open_turn(
    stored: ResourceRequest, turn: Turn, *, by: User | None, now: datetime
) -> None:
    """Give the step to who acts next; nobody has one for a draft or after the end."""
    stored.step = None
    if stored.ball_with == RequestBall.COORDINATION:
        open_answer(stored, turn, by=by, now=now)
    elif stored.state == RequestState.OFFERED:
        open_choice(stored, turn, by=by, now=now)


def open_answer(
    stored: ResourceRequest, turn: Turn, *, by: User | None, now: datetime
) -> None:
    """Open the step of coordination, and let the response clock run (on)."""
    owner = coordination_of(stored)
    calendar = calendar_of(owner)
    days = portal_settings()[ANSWER_DAYS]
    if stored.answer_due_at is not None and turn.stopped_at is not None:
        days = days_left(stored.answer_due_at, turn.stopped_at, calendar)
    asked = AdHocStep(
        title=_("Answer the request: %(what)s") % {"what": headline(stored)},
        phase=phase_of(stored),
        assignee=owner.person,
        pool=owner.pool,
        due_day=answer_day(local_day(now, calendar.zone), days, calendar),
        instructions="\n\n".join(filter(None, [hours_text(stored), stored.note])),
        subject_url=stored.get_absolute_url(),
        reminder_days=REMINDERS,
    )
    stored.step = add_step(checklist_of(stored, now), asked, by=by, now=now)
    stored.answer_due_at = stored.step.due_at


def open_choice(
    stored: ResourceRequest, turn: Turn, *, by: User | None, now: datetime
) -> None:
    """Open the step of who asked: to choose among what was offered, or to decline."""
    here = still_here(stored.requested_by)
    calendar = calendar_of(Assignment(person=here) if here else coordination_of(stored))
    today = local_day(now, calendar.zone)
    days = portal_settings()[ANSWER_DAYS]
    asked = AdHocStep(
        title=_("Choose what fits: %(what)s") % {"what": headline(stored)},
        phase=phase_of(stored),
        assignee=here,
        owner_role="" if here else EngagementRole.LEAD,
        due_at=turn.due_at,
        due_day=None if turn.due_at else answer_day(today, days, calendar),
        instructions=_(
            "Coordination offers other ways. Take one, or say why none fits."
        ),
        subject_url=stored.get_absolute_url(),
        reminder_days=REMINDERS,
    )
    stored.step = add_step(checklist_of(stored, now), asked, by=by, now=now)


def close_turn(
    stored: ResourceRequest, note: str, *, by: User | None, now: datetime
) -> None:
    """Tick the step of who had the ball; one that nobody needs is cancelled."""
    step, stored.step = stored.step, None
    if step is None:
        return
    # Written first: ticking it by hand is refused while the request points at it.
    ResourceRequest.objects.filter(pk=stored.pk).update(step=None)
    if not Step.objects.open().filter(pk=step.pk).exists():
        return
    if stored.state == RequestState.WITHDRAWN or by is None:
        cancel_steps(Step.objects.filter(pk=step.pk), now=now)
    else:
        complete_step(step, Completion(note=note), by=by, now=now)


def hand_turn(stored: ResourceRequest, to: User, *, now: datetime) -> None:
    """Give the step of coordination to the coordinator who took the request up."""
    if stored.step is not None and stored.step.assignee_id != to.pk:
        stored.step = delegate_step(stored.step, to, by=to, now=now)


def coordination_of(asked: ResourceRequest) -> Assignment:
    """Return who of coordination answers (R-23: a person, or the region's pool).

    The coordinator who was named or took it up, else the engagement's own, else the
    pool: of the engagement's region, for internal time of the requester's.
    """
    named = still_here(asked.coordinator)
    if named is not None:
        return Assignment(person=named)
    engagement = asked.engagement
    if engagement is None or asked.kind in INTERNAL_KINDS:
        return Assignment(pool=pool_of(asked))
    return assignment_for(EngagementRole.PC, owners_of(engagement))


def pool_of(asked: ResourceRequest) -> Pool:
    """Return the coordinators of the region that a request belongs to."""
    engagement = asked.engagement
    region = asked.requested_by.region
    if engagement is not None and asked.kind not in INTERNAL_KINDS:
        region = engagement.region
    if region is not None:
        return coordinator_pool(region)
    pool, _made = Pool.objects.get_or_create(
        role=Role.COORDINATOR, region=None, defaults={"name": ANYWHERE}
    )
    return pool


def calendar_of(owner: Assignment) -> Calendar:
    """Return the calendar by which a person or a pool counts days."""
    portal = portal_settings()
    if owner.person is not None:
        return owner.person.calendar
    return pool_calendar(owner.pool, portal) if owner.pool else portal.company_calendar


def checklist_of(asked: ResourceRequest, now: datetime) -> Checklist:
    """Return where the step stands: on the engagement's checklist, else the pool's."""
    engagement = asked.engagement
    if engagement is not None and engagement.checklist is not None:
        return engagement.checklist
    return standing_checklist(pool_of(asked), now=now)


def phase_of(asked: ResourceRequest) -> int:
    """Return the phase under which the step stands."""
    is_early = asked.kind in {RequestKind.ENGAGEMENT, RequestKind.PLANNING}
    return Phase.INITIATE if is_early else Phase.DELIVER


def today_of(asked: ResourceRequest, now: datetime) -> date:
    """Return the day it is for who asks."""
    return local_day(now, asked.requested_by.zone)
