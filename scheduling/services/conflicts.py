"""Open a conflict where a fact took booked days, and close it once it is settled."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.choices import Kind
from engagements.models import Engagement
from engagements.owners import owners_of
from engagements.services.approvals import News, close_question, tell
from psdelivery.history.services import record
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.people.moments import local_day, span_text
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.choices import Phase
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.owners import assignment_for
from psdelivery.playbooks.rules.adhoc import AdHocStep
from psdelivery.playbooks.services.adhoc import add_step
from psdelivery.playbooks.services.deadlines import pool_calendar
from scheduling.choices import ConflictState, Hold
from scheduling.events import DaysOverbooked
from scheduling.models import AllocationDay, CapacityDay, ConflictCase
from scheduling.rules.conflicts import decision_day, is_settled
from scheduling.settings import ANSWER_DAYS, NEAR_HOURS

# Due and due again the day after: a class may start tomorrow.
REMINDERS = {"owner": [1, 0], "coordinator": [1], "manager": [2]}


def open_conflicts(event: DaysOverbooked) -> list[ConflictCase]:
    """R-6: open a case for each engagement that has hard days among these.

    Inside the transaction of the fact, which is never refused.
    """
    booked = AllocationDay.objects.filter(
        person=event.person, day__in=event.days, hold=Hold.HARD
    ).select_related("allocation__engagement__customer")
    by_engagement: dict[Engagement, list[AllocationDay]] = defaultdict(list)
    for row in booked.order_by("allocation__engagement_id", "day"):
        if row.allocation.engagement is not None:
            by_engagement[row.allocation.engagement].append(row)
    return [open_case(event, one, rows) for one, rows in by_engagement.items()]


def open_case(
    event: DaysOverbooked, engagement: Engagement, rows: Sequence[AllocationDay]
) -> ConflictCase:
    """Open the case of one engagement, with a step for its coordinator."""
    case = ConflictCase.objects.create(
        person=event.person,
        engagement=engagement,
        cause=event.cause,
        starts_on=min(row.day for row in rows),
        ends_on=max(row.day for row in rows),
        opened_at=event.now,
    )
    case.allocations.set({row.allocation_id for row in rows})
    case.step = ask_coordinator(case, by=event.by, now=event.now)
    case.save(update_fields=["step"])
    record(
        "conflict-opened",
        by=event.by,
        subject=case,
        engagement=engagement,
        changes={"person": (None, event.person), "days": (None, span_of(case))},
        now=event.now,
    )
    tell_if_near(case, by=event.by, now=event.now)
    return case


def span_of(case: ConflictCase) -> str:
    """Return the days of the case in words."""
    return span_text(case.starts_on, case.ends_on)


def coordinating_role(engagement: Engagement) -> EngagementRole:
    """Return the office that schedules: for training the TC."""
    is_training = engagement.kind == Kind.TRAINING
    return EngagementRole.TC if is_training else EngagementRole.PC


def ask_coordinator(
    case: ConflictCase, *, by: User | None, now: datetime
) -> Step | None:
    """Open the step; None where the engagement has no checklist."""
    engagement = case.engagement
    if engagement.checklist is None:
        return None
    owners = owners_of(engagement)
    role = coordinating_role(engagement)
    owner = assignment_for(role, owners)
    portal = portal_settings()
    calendar = portal.company_calendar
    if owner.person is not None:
        calendar = owner.person.calendar
    elif owner.pool is not None:
        calendar = pool_calendar(owner.pool, portal)
    today = local_day(now, calendar.zone)
    asked = AdHocStep(
        title=title_of(case),
        instructions=_(
            "Find somebody else or other days, agree an extra day, or release the days."
        ),
        phase=Phase.DELIVER,
        owner_role=role,
        due_day=decision_day(case.starts_on, today, portal[ANSWER_DAYS], calendar),
        subject_url=case.get_absolute_url(),
        reminder_days=REMINDERS,
    )
    return add_step(engagement.checklist, asked, owners=owners, by=by, now=now)


def title_of(case: ConflictCase) -> str:
    """Return what the step and the mail say; never why somebody is away."""
    sentence = _("%(person)s cannot work as booked on %(days)s")
    return sentence % {"person": case.person, "days": span_of(case)}


def tell_if_near(case: ConflictCase, *, by: User | None, now: datetime) -> None:
    """Mail the coordinator at once where the first day is near; else the step will."""
    hours = timedelta(hours=portal_settings()[NEAR_HOURS])
    if case.starts_on > (now + hours).date() or case.step is None:
        return
    owner = case.step.assignee or case.step.pool
    news = News(
        subject=case,
        event="opened",
        engagement=case.engagement,
        title=title_of(case),
        lines=(_("The first of these days is near. Find somebody, or other days."),),
        url=case.get_absolute_url(),
        why=_("You coordinate this engagement."),
    )
    tell(news, [owner] if owner else [], by=by, now=now)


def close_settled(person: User, *, by: User | None, now: datetime) -> None:
    """Resolve the open cases of a person whose days are all right again."""
    cases = list(
        ConflictCase.objects.filter(person=person, state=ConflictState.OPEN)
        .select_related("engagement", "step")
        .order_by("pk")
    )
    if not cases:
        return
    over = overbooked_days(person, cases)
    for case in cases:
        if is_settled(hard_days(case), over, case):
            resolve(case, _("The days are all right again."), by=by, now=now)


def overbooked_days(person: User, cases: Iterable[ConflictCase]) -> list[date]:
    """Return the days within the cases that are over their capacity."""
    spans = [(case.starts_on, case.ends_on) for case in cases]
    first, last = min(one for one, _last in spans), max(one for _first, one in spans)
    rows = CapacityDay.objects.filter(
        person=person, day__range=(first, last), overbooked=True
    )
    return list(rows.values_list("day", flat=True))


def hard_days(case: ConflictCase) -> dict[date, Decimal]:
    """Return the hard days of the person that the case is about."""
    rows = AllocationDay.objects.filter(
        person=case.person_id,
        day__range=(case.starts_on, case.ends_on),
        hold=Hold.HARD,
        allocation__engagement=case.engagement_id,
    )
    return dict(rows.values_list("day", "hours"))


@transaction.atomic
def resolve(
    case: ConflictCase, resolution: str, *, by: User | None, now: datetime
) -> None:
    """Close the case and its step, once; whoever comes second changes nothing."""
    is_first = ConflictCase.objects.filter(pk=case.pk, state=ConflictState.OPEN).update(
        state=ConflictState.RESOLVED,
        resolution=resolution,
        resolved_by=by,
        resolved_at=now,
    )
    if not is_first:
        return
    close_question(case.step, resolution, by=by, now=now)
    record(
        "conflict-resolved",
        by=by,
        subject=case,
        engagement=case.engagement,
        reason=resolution,
        now=now,
    )
