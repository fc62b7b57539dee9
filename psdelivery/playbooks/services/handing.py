"""Put a step off, give it to somebody else, say who must move next."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from psdelivery.history.queries import events_for_subject
from psdelivery.history.services import Changes, record
from psdelivery.people.models import User
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.choices import BallWith
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.owners import still_here
from psdelivery.playbooks.rules.ball import ball_of
from psdelivery.playbooks.rules.completion import reasons_of_state
from psdelivery.playbooks.rules.handing import (
    reasons_against_delegating,
    reasons_against_snoozing,
    reasons_against_taking_back,
)
from psdelivery.playbooks.services.checklists import reschedule
from psdelivery.playbooks.services.deadlines import (
    owner_calendar,
    with_schedule_facts,
)
from psdelivery.playbooks.services.steps import stood_in_for
from psdelivery.registry import refuse

DELEGATED = "step-delegated"


def lock(step: Step) -> Step:
    """Read the step anew, with what its dates depend on, and keep others from it."""
    rows = with_schedule_facts(Step.objects.select_for_update(of=("self",)))
    return rows.get(pk=step.pk)


def today_of(step: Step, now: datetime) -> date:
    """Return the day it is for the owner of a step."""
    zone = owner_calendar(step, portal_settings()).zone
    return now.astimezone(ZoneInfo(zone)).date()


@transaction.atomic
def snooze_step(step: Step, until: date, *, by: User, now: datetime) -> Step:
    """Let the owner hear nothing of a step before a day; raises RuleRefused.

    The day is one of the owner's calendar. Escalations come all the same.
    """
    step = lock(step)
    is_late = step.due_at is not None and step.due_at <= now
    today = today_of(step, now)
    refuse(reasons_against_snoozing(step, until, today=today, is_late=is_late))
    changes = {"snoozed_until": [step.snoozed_until, until]}
    step.snoozed_until = until
    return saved(step, "step-snoozed", changes, by=by, now=now)


@transaction.atomic
def wake_step(step: Step, *, by: User, now: datetime) -> Step:
    """Take back that a step was put off; raises RuleRefused for one that is settled."""
    step = lock(step)
    refuse(reasons_of_state(step))
    if step.snoozed_until is None:
        return step
    changes = {"snoozed_until": [step.snoozed_until, None]}
    step.snoozed_until = None
    return saved(step, "step-woken", changes, by=by, now=now)


@transaction.atomic
def delegate_step(
    step: Step, to: User, *, by: User, note: str = "", now: datetime
) -> Step:
    """Give a step to a person by hand; it no longer follows the holder of its role.

    Raises RuleRefused for somebody who left, or who has it.
    """
    step = lock(step)
    refuse(reasons_against_delegating(step, to))
    changes = {"assignee": [step.assignee or str(step.pool), to]}
    behalf = stood_in_for(step, by, now)
    step.assignee, step.pool, step.is_delegated = to, None, True
    step.snoozed_until = None
    return saved(step, DELEGATED, changes, by=by, note=note, behalf=behalf, now=now)


@transaction.atomic
def take_back_step(step: Step, *, by: User, now: datetime) -> Step:
    """Give a delegated step back to whoever had it before; raises RuleRefused.

    Where that was a pool, or somebody who has left, the checklist's pool has it.
    """
    step = lock(step)
    refuse(reasons_against_taking_back(step))
    former = former_owner(step)
    changes = {"assignee": [step.assignee, former or str(step.checklist.pool)]}
    step.assignee, step.is_delegated = former, False
    step.pool = None if former else step.checklist.pool
    return saved(step, "step-taken-back", changes, by=by, now=now)


def former_owner(step: Step) -> User | None:
    """Return who had the step before it was last given away, if they are here."""
    event = events_for_subject(step).filter(verb=DELEGATED).first()
    told: Any = event.changes["assignee"][0] if event else None
    if not isinstance(told, dict):
        return None
    return still_here(User.objects.filter(pk=told["person"]).first())


@transaction.atomic
def pass_step(step: Step, party: str, *, by: User | None, now: datetime) -> Step:
    """Say who must move next on a step, since now; "": as its owner says.

    Raises RuleRefused for a step that is settled.
    """
    step = lock(step)
    refuse(reasons_of_state(step))
    before = ball_of(step)
    step.ball_with = BallWith(party) if party else ""
    step.ball_since = now if party else None
    changes = {"ball_with": [before.party, ball_of(step).party]}
    return saved(step, "step-passed", changes, by=by, now=now)


def wait_for_customer(step: Step, *, by: User, now: datetime) -> Step:
    """Say that the customer must move next; since then, where it was said before."""
    if step.ball_with == BallWith.CUSTOMER:
        return step
    return pass_step(step, BallWith.CUSTOMER, by=by, now=now)


@transaction.atomic
def unpin_step(step: Step, *, by: User, now: datetime) -> Step:
    """R-20: let a step whose date was kept by hand follow its rule again."""
    step = lock(step)
    refuse(reasons_of_state(step))
    old = step.due_day
    step.pinned = False
    step.save(update_fields=["pinned"])
    reschedule(Step.objects.filter(pk=step.pk), now=now)
    step = Step.objects.get(pk=step.pk)
    changes = {"due_day": [old, step.due_day]}
    record(
        "step-unpinned",
        by=by,
        subject=step,
        engagement=step.engagement,
        changes=changes,
        now=now,
    )
    return step


def saved(
    step: Step,
    verb: str,
    changes: Changes,
    *,
    by: User | None,
    note: str = "",
    behalf: User | None = None,
    now: datetime,
) -> Step:
    """Save what was changed, count dates and reminders anew, write the history."""
    step.save()
    reschedule(Step.objects.filter(pk=step.pk), now=now)
    record(
        verb,
        by=by,
        on_behalf_of=behalf or stood_in_for(step, by, now),
        subject=step,
        engagement=step.engagement,
        changes=changes,
        reason=note,
        now=now,
    )
    return Step.objects.get(pk=step.pk)
