"""Ask who approves: one step a week for each of them, ticked when nothing waits."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from psdelivery.calendars import Calendar
from psdelivery.people.models import User
from psdelivery.people.register import PortalSettings, portal_settings
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.owners import Assignment
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.checklists import revive_steps
from psdelivery.playbooks.services.deadlines import pool_calendar
from psdelivery.playbooks.services.steps import complete_step, reopen_step
from scheduling.choices import HoursState
from scheduling.hours_settings import hours_settings
from scheduling.models import HoursApproval, HoursPart
from scheduling.rules.hours import approval_due
from scheduling.services.hours import checklists
from scheduling.services.hours.approvers import approver_of
from scheduling.services.hours.checklists import Asked, ask_for_approval

# Who is asked for the hours of which week: person, pool, last day.
Key = tuple[int | None, int | None, date]


def name_approver(part: HoursPart) -> None:
    """Write on the part who approves it (not saved)."""
    found = approver_of(part.engagement, part.week.person)
    part.approver, part.pool = found.person, found.pool


def key_of(part: HoursPart) -> Key:
    """Return who is asked to approve a part, and for which week."""
    return part.approver_id, part.pool_id, part.week.ends_on


def named(key: Key) -> dict[str, Any]:
    """Return the condition for who is asked; None means that there is none."""
    person, pool, _ends_on = key
    return {"approver_id": person, "pool_id": pool}


def in_order(key: Key) -> tuple[date, int, int]:
    """One order for all, so that two who confirm at once do not wait for each other."""
    person, pool, ends_on = key
    return ends_on, person or 0, pool or 0


def ask(parts: Iterable[HoursPart], *, by: User | None, now: datetime) -> None:
    """Open the step of everybody who approves one of these parts, where none is open.

    `parts` were given their approver. Their rows are locked by the caller.
    """
    owners = {key_of(part): Assignment(part.approver, part.pool) for part in parts}
    if not owners or not checklists.is_loaded(checklists.APPROVAL):
        return
    portal = portal_settings()
    for key in sorted(owners, key=in_order):
        open_step(approval_for(key, owners[key], portal, now), by=by, now=now)


def approval_for(
    key: Key, owner: Assignment, portal: PortalSettings, now: datetime
) -> HoursApproval:
    """Return what somebody is asked for a week; it is made where it is not there."""
    ends_on = key[2]
    approval, _made = HoursApproval.objects.get_or_create(**named(key), ends_on=ends_on)
    rows = HoursApproval.objects.select_for_update(of=("self",))
    approval = rows.get(pk=approval.pk)
    if approval.checklist_id is None:
        calendar = calendar_of(owner, portal)
        url = f"{reverse('scheduling:hours-approval-list')}?week={ends_on}"
        asked = Asked(owner, calendar, ends_on, url)
        due = due_of(ends_on, calendar, portal)
        approval.checklist = ask_for_approval(asked, due, now)
        approval.save(update_fields=["checklist"])
    return approval


def calendar_of(owner: Assignment, portal: PortalSettings) -> Calendar:
    """Return the calendar of who approves: Monday noon is theirs."""
    if owner.person is not None:
        return owner.person.calendar
    return pool_calendar(owner.pool, portal) if owner.pool else portal.company_calendar


def due_of(ends_on: date, calendar: Calendar, portal: PortalSettings) -> datetime:
    """Return by when the hours of a week are approved, as the settings say."""
    settings = hours_settings(portal)
    weekday, hour = settings.approve_on, settings.approve_at
    return approval_due(ends_on, weekday=weekday, hour=hour, calendar=calendar)


def open_step(approval: HoursApproval, *, by: User | None, now: datetime) -> None:
    """Open the step again that was done before something new came."""
    steps = Step.objects.filter(checklist=approval.checklist_id)
    done = steps.filter(state__in=[StepState.DONE, StepState.NOT_APPLICABLE])
    for step in done:
        reopen_step(step, by=by, now=now)
    revive_steps(steps, now=now)


def settle(keys: Iterable[Key], *, by: User | None, now: datetime) -> None:
    """Tick the steps of approvers for whom nothing of the week waits any more."""
    for key in sorted(set(keys), key=in_order):
        rows = HoursApproval.objects.select_for_update(of=("self",))
        # Locked before it looks: who sends something on meanwhile opens it again.
        approval = rows.filter(**named(key), ends_on=key[2]).first()
        if approval is None or waiting_of(key).exists():
            continue
        steps = Step.objects.open().filter(checklist=approval.checklist_id)
        for step in steps.order_by("pk"):
            complete_step(step, Completion(), by=by, now=now)


def waiting_of(key: Key) -> QuerySet[HoursPart]:
    """Return the parts of a week that wait for this person, or for this pool."""
    rows = HoursPart.objects.filter(state=HoursState.SUBMITTED, **named(key))
    return rows.filter(week__ends_on=key[2])
