"""Extend a soft hold, or make it hard (R-8)."""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from engagements.owners import owners_of
from engagements.services.approvals import close_question, drop_question
from engagements.services.gate import lock_engagement
from psdelivery.history.services import record
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.people.register import portal_settings
from psdelivery.people.services.changes import one_transaction
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.owners import Assignment, assignment_for, still_here
from psdelivery.registry import refuse
from scheduling.choices import AllocationState, Hold
from scheduling.models import Allocation
from scheduling.rules.booking import (
    reasons_against_changing,
    reasons_against_extending,
    reasons_against_hardening,
    reasons_against_release,
    reasons_against_version,
    soft_hold_extended,
)
from scheduling.services.bookings import Change, change, locked, touch
from scheduling.services.placements import booked_now, placement_of
from scheduling.services.requests.turns import pool_of
from scheduling.settings import SOFT_DAYS


def extend_hold(
    allocation: Allocation,
    reason: str,
    *,
    version: int | None = None,
    by: User,
    now: datetime,
) -> Allocation:
    """R-8: let a soft hold end so many days later, with a reason.

    Counted from the end that it had. Raises RuleRefused for what is no soft hold any
    more, for what others changed since `version`, and without a reason.
    """
    with one_transaction():
        stored = locked(allocation)
        refuse(
            [
                *reasons_against_changing(stored),
                *reasons_against_version(stored, version),
                *reasons_against_extending(stored, reason),
            ]
        )
        before = stored.expires_at or now
        days = portal_settings()[SOFT_DAYS]
        stored.expires_at = soft_hold_extended(before, days)
        stored.extended, stored.warned_at = stored.extended + 1, None
        touch(stored, by=by, now=now)
        step = let_go_of_step(stored)
        stored.save()
        record(
            "allocation-extended",
            by=by,
            subject=stored,
            engagement=stored.engagement,
            changes={"expires_at": (before, stored.expires_at)},
            reason=reason,
            now=now,
        )
        close_question(step, reason, by=by, now=now)
        return stored


def hold_until(
    allocation: Allocation,
    until: datetime,
    *,
    is_chased: bool,
    by: User | None,
    reason: str,
    now: datetime,
) -> Allocation:
    """R-8: let a soft hold end at a moment that a record below decides.

    `is_chased`: that record asks for the answer, so nobody is warned about the end.
    Raises RuleRefused for what does not stand any more.
    """
    with one_transaction():
        stored = locked(allocation)
        refuse(reasons_against_changing(stored))
        before, stored.expires_at = stored.expires_at, until
        stored.warned_at = now if is_chased else None
        touch(stored, by=by, now=now)
        step = let_go_of_step(stored)
        stored.save()
        drop_question(step, now=now)
        record(
            "allocation-until",
            by=by,
            subject=stored,
            engagement=stored.engagement,
            changes={"expires_at": (before, until)},
            reason=reason,
            now=now,
        )
        return stored


def make_hard(
    allocation: Allocation,
    reason: str,
    *,
    version: int | None = None,
    by: User,
    now: datetime,
) -> Allocation:
    """R-8: turn a soft hold into a hard booking of the same days.

    The gate (R-2, R-3) and the days of the person (R-6) are asked as for any hard
    booking; raises RuleRefused with all that stands against it.
    """
    with one_transaction():
        if allocation.engagement is not None:
            lock_engagement(allocation.engagement)
        stored = locked(allocation)
        refuse([*reasons_against_hardening(stored), *reasons_against_release(reason)])
        wanted = placement_of(stored, booked_now(stored))
        wanted = replace(wanted, hold=Hold.HARD, expires_at=None)
        return change(
            stored, wanted, Change(reason=reason, version=version), by=by, now=now
        )


def asker_of(allocation: Allocation) -> Assignment:
    """Return who is asked what becomes of a hold: its requester.

    Without a request it is who placed it. For who has left the engagement's lead is
    asked, then its coordinator, then the pool (R-23).
    """
    asked, engagement = allocation.request, allocation.engagement
    person = still_here(asked.requested_by if asked else allocation.placed_by)
    if person is not None or (engagement is None and asked is None):
        return Assignment(person=person)
    if engagement is not None:
        return assignment_for(EngagementRole.LEAD, owners_of(engagement))
    return Assignment(pool=pool_of(asked)) if asked else Assignment()


def settle_step(allocation: Allocation, *, by: User | None, now: datetime) -> None:
    """Close the step of a hold that is none any more: hard, released or expired."""
    is_soft = allocation.hold == Hold.SOFT
    if allocation.expiry_step_id is None or (is_soft and allocation.is_active):
        return
    step = let_go_of_step(allocation)
    if by is None or allocation.state == AllocationState.EXPIRED:
        drop_question(step, now=now)
    else:
        close_question(step, words_of_end(allocation), by=by, now=now)


def let_go_of_step(allocation: Allocation) -> Step | None:
    """Take the step off the booking, so that it can be ticked; return it."""
    step, allocation.expiry_step = allocation.expiry_step, None
    if step is not None:
        Allocation.objects.filter(pk=allocation.pk).update(expiry_step=None)
    return step


def words_of_end(allocation: Allocation) -> str:
    """Say in the note of the step what became of the hold."""
    if allocation.is_active:
        return _("The booking is %(hold)s now.") % {
            "hold": allocation.get_hold_display()
        }
    return allocation.end_reason or allocation.get_state_display()
