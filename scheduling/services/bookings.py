"""Place, change and release bookings; every way in goes through here (R-2, R-3, R-6).

Locks in this order: the engagement, the booking, the days by person and day.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from engagements.models import TeamMember
from engagements.services.gate import lock_engagement
from engagements.services.team import book_member
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.people.register import portal_settings
from psdelivery.people.services.changes import one_transaction
from psdelivery.registry import reactions, refuse
from scheduling.choices import TENTATIVE, AllocationState, Hold
from scheduling.events import AllocationChanged, BookedDays
from scheduling.models import (
    Allocation,
    AllocationDay,
)
from scheduling.rules.booking import (
    reasons_against_changing,
    reasons_against_release,
    reasons_against_version,
    soft_hold_ends,
    summary_of,
)
from scheduling.services.capacity import count_again, lock_days
from scheduling.services.placements import (
    Change,
    Held,
    Placement,
    booked_now,
    days_of_role,
    keys_of,
    reasons_against_placing,
)
from scheduling.settings import SOFT_DAYS

__all__ = ["Change", "Placement", "bring_in", "change", "place", "release"]


def place(
    wanted: Placement, *, by: User | None, reason: str = "", now: datetime
) -> Allocation:
    """Book; raise RuleRefused where gate (R-2, R-3) or capacity (R-6) stand against it.

    Soft may exceed the capacity: the form warns of it, nothing refuses it.
    """
    with one_transaction():
        lock_gate(wanted)
        held = Held(rows=lock_days(keys_of(wanted.as_booked())))
        refuse(reasons_against_placing(wanted, held, None, now))
        allocation = new_allocation(wanted, by=by, now=now)
        write_days(allocation, wanted.as_booked())
        count_again(held.rows)
        settle(
            allocation,
            "allocation-placed",
            held,
            wanted.as_booked(),
            by,
            reason,
            now,
            joins=wanted.joins,
        )
        return allocation


def change(
    allocation: Allocation,
    wanted: Placement,
    why: Change,
    *,
    by: User | None,
    now: datetime,
) -> Allocation:
    """Change person, hold or days of a booking; raises RuleRefused as `place` does."""
    with one_transaction():
        lock_gate(wanted)
        stored = locked(allocation)
        refuse(
            [
                *reasons_against_changing(stored),
                *reasons_against_version(stored, why.version),
            ]
        )
        before = booked_now(stored)
        keys = keys_of(before) | keys_of(wanted.as_booked())
        held = Held(before, lock_days(keys))
        refuse(reasons_against_placing(wanted, held, stored, now))
        take_over(stored, wanted, by=by, now=now)
        stored.cause = why.cause
        stored.save()
        write_days(stored, wanted.as_booked())
        count_again(held.rows)
        settle(
            stored,
            "allocation-changed",
            held,
            wanted.as_booked(),
            by,
            why.reason,
            now,
            joins=wanted.joins,
        )
        return stored


def release(
    allocation: Allocation,
    why: Change,
    *,
    from_day: date | None = None,
    state: str = AllocationState.RELEASED,
    by: User | None,
    now: datetime,
) -> Allocation:
    """Free the days of a booking, or those from a day on; what was worked stays."""
    with one_transaction():
        stored = locked(allocation)
        refuse(
            [
                *reasons_against_changing(stored),
                *reasons_against_version(stored, why.version),
                *reasons_against_release(why.reason),
            ]
        )
        before = booked_now(stored)
        kept = {d: h for d, h in before.days.items() if from_day and d < from_day}
        after = replace(before, days=kept) if kept else BookedDays()
        held = Held(before, lock_days(keys_of(before)))
        write_days(stored, after)
        count_again(held.rows)
        stored.cause = why.cause
        if kept:
            measure(stored, kept)
        else:
            end(stored, state, why.reason, by=by, now=now)
        touch(stored, by=by, now=now)
        stored.save()
        verb = f"allocation-{'shortened' if kept else stored.state}"
        settle(stored, verb, held, after, by, why.reason, now)
        return stored


def lock_gate(wanted: Placement) -> None:
    """Lock the engagement: its gate and cap are decided on with its bookings."""
    if wanted.engagement is not None:
        lock_engagement(wanted.engagement)


def locked(allocation: Allocation) -> Allocation:
    """Return the booking as it is stored; it waits for other writers."""
    rows = Allocation.objects.select_for_update(of=("self",)).select_related(
        "person", "engagement__customer", "changed_by"
    )
    return rows.get(pk=allocation.pk)


def new_allocation(wanted: Placement, *, by: User | None, now: datetime) -> Allocation:
    """Write the booking without its days."""
    allocation = Allocation(
        request=wanted.request, offer=wanted.offer, placed_by=by, placed_at=now
    )
    take_over(allocation, wanted, by=by, now=now)
    allocation.version = 1
    allocation.save(force_insert=True)
    return allocation


def take_over(
    allocation: Allocation, wanted: Placement, *, by: User | None, now: datetime
) -> None:
    """Put what is wanted on the row, without saving it."""
    for name in ("engagement", "role", "person", "unnamed", "partner", "task", "note"):
        setattr(allocation, name, getattr(wanted, name))
    was_tentative = allocation.hold in TENTATIVE and allocation.expires_at is not None
    allocation.hold = wanted.hold
    if wanted.hold == Hold.HARD:
        allocation.expires_at, allocation.warned_at = None, None
    elif wanted.expires_at is not None:
        allocation.expires_at = wanted.expires_at
    elif not was_tentative:
        allocation.expires_at = soft_hold_ends(now, portal_settings()[SOFT_DAYS])
    measure(allocation, wanted.days)
    touch(allocation, by=by, now=now)


def measure(allocation: Allocation, days: Mapping[date, Decimal]) -> None:
    """Keep first and last day and the sum of the hours on the row."""
    allocation.starts_on, allocation.ends_on = min(days), max(days)
    allocation.hours = sum(days.values(), Decimal(0))


def touch(allocation: Allocation, *, by: User | None, now: datetime) -> None:
    """Count the change, and say who made it."""
    allocation.version = (allocation.version or 0) + 1
    allocation.changed_by, allocation.changed_at = by, now


def end(
    allocation: Allocation, state: str, reason: str, *, by: User | None, now: datetime
) -> None:
    """Let a booking end; its days are gone, its row tells what it was."""
    allocation.state, allocation.end_reason = state, reason
    allocation.ended_by, allocation.ended_at = by, now
    allocation.expires_at = None


def write_days(allocation: Allocation, booked: BookedDays) -> None:
    """Let the booking have exactly these days."""
    allocation.days.all().delete()
    AllocationDay.objects.bulk_create(
        AllocationDay(
            allocation=allocation,
            person=booked.person,
            day=day,
            hours=hours,
            hold=booked.hold,
        )
        for day, hours in sorted(booked.days.items())
    )


def settle(
    allocation: Allocation,
    verb: str,
    held: Held,
    after: BookedDays,
    by: User | None,
    reason: str,
    now: datetime,
    *,
    joins: bool = True,
) -> None:
    """Write the history, let the team say what is booked, and tell the others."""
    before = held.before
    record(
        verb,
        by=by,
        subject=allocation,
        engagement=allocation.engagement,
        changes=told(allocation, before, after),
        reason=reason,
        now=now,
    )
    tell_team(allocation, before, after, joins=joins, by=by, reason=reason, now=now)
    reactions.publish(
        AllocationChanged(
            allocation=allocation,
            before=before,
            after=after,
            by=by,
            now=now,
            reason=reason,
        )
    )


def told(
    allocation: Allocation, before: BookedDays, after: BookedDays
) -> dict[str, tuple[object, object]]:
    """Return what the history says of a change of a booking."""
    pairs = {
        "person": (before.person, after.person),
        "hold": (before.hold, after.hold),
        "first_day": (min(before.days, default=None), min(after.days, default=None)),
        "last_day": (max(before.days, default=None), max(after.days, default=None)),
        "hours": (before.hours or None, after.hours or None),
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def tell_team(
    allocation: Allocation,
    before: BookedDays,
    after: BookedDays,
    *,
    joins: bool,
    by: User | None,
    reason: str,
    now: datetime,
) -> None:
    """Let the team of the engagement say how each of these people is booked."""
    if allocation.engagement is None:
        return
    people = {one.person for one in (before, after) if one.person is not None}
    # What was only offered was nobody's work yet.
    booked = set() if before.hold == Hold.OFFER else set(before.days)
    for person in sorted(people, key=lambda one: one.pk):
        # Whoever went leaves what was worked behind; only new days bring them (back).
        is_new = person != before.person or not after.days.keys() <= booked
        book_member(
            member_of(allocation, person),
            joins=joins and person == after.person and is_new,
            by=by,
            reason=reason,
            now=now,
        )


def member_of(allocation: Allocation, person: User | None) -> TeamMember:
    """Return what the team would say of the person in the role of the booking."""
    days = days_of_role(allocation.engagement, allocation.role, person)
    summary = summary_of(days.values_list("hold", "day", "hours"))
    return TeamMember(
        engagement=allocation.engagement,
        role=allocation.role,
        person=person,
        booking=summary.booking,
        first_day=summary.first_day,
        hours=summary.hours,
    )


def bring_in(
    allocation: Allocation, *, by: User | None, reason: str, now: datetime
) -> None:
    """Let who is booked join the team: what was placed without joining is work now."""
    if allocation.engagement is not None and allocation.person is not None:
        member = member_of(allocation, allocation.person)
        book_member(member, by=by, reason=reason, now=now)
