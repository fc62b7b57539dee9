"""Ways out of a conflict: other people, other days, or none (R-6).

Each moves the days of the case and no others; the gate and the capacity of whoever
takes them are asked like for any booking.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from engagements.services.gate import lock_engagement
from psdelivery.people.models import User
from psdelivery.people.services.changes import one_transaction
from psdelivery.registry import refuse
from scheduling.events import BookedDays
from scheduling.models import Allocation, CapacityDay, ConflictCase
from scheduling.rules.conflicts import (
    reasons_against_resolving,
    reasons_against_standing_in,
)
from scheduling.services.bookings import Change, Placement, change, place, release
from scheduling.services.placements import booked_now


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A booking of a case with its hours on the days that are gone."""

    allocation: Allocation
    days: Mapping[date, Decimal]

    @property
    def hours(self) -> Decimal:
        return sum(self.days.values(), Decimal(0))


def taken_by(case: ConflictCase) -> list[Taken]:
    """Return what of each booking stands on days that are over their capacity."""
    over = set(
        CapacityDay.objects.filter(
            person=case.person_id,
            day__range=(case.starts_on, case.ends_on),
            overbooked=True,
        ).values_list("day", flat=True)
    )
    bookings = case.allocations.active().filter(person=case.person_id)
    found = [
        Taken(allocation=one, days=days_among(booked_now(one), over))
        for one in bookings.select_related("person", "engagement__customer", "request")
    ]
    return [one for one in found if one.days]


def days_among(booked: BookedDays, days: Collection[date]) -> dict[date, Decimal]:
    """Return the hours of a booking on these days."""
    return {day: hours for day, hours in booked.days.items() if day in days}


def hand_days(
    case: ConflictCase,
    other: User | None,
    *,
    reason: str,
    by: User,
    now: datetime,
) -> list[Allocation]:
    """Let somebody else take the days of the case; raises RuleRefused."""
    with one_transaction():
        stored = locked(case)
        refuse(
            [
                *reasons_against_resolving(stored),
                *reasons_against_standing_in(stored.person, other),
            ]
        )
        return [
            hand_over(one, other, reason=reason, by=by, now=now)
            for one in taken_by(stored)
        ]


def hand_over(
    taken: Taken, other: User | None, *, reason: str, by: User, now: datetime
) -> Allocation:
    """Give the taken days of one booking to somebody; what is left stays as it is."""
    give_up(taken, reason=reason, by=by, now=now)
    wanted = replace(as_placed(taken.allocation), person=other, days=taken.days)
    return place(wanted, by=by, reason=reason, now=now)


def shift_days(
    case: ConflictCase,
    days: Mapping[int, Mapping[date, Decimal]],
    *,
    reason: str,
    by: User,
    now: datetime,
) -> None:
    """Put the hours of the case's bookings on other days of the same person.

    `days` are the new hours by key of the booking; raises RuleRefused.
    """
    with one_transaction():
        stored = locked(case)
        refuse(reasons_against_resolving(stored))
        for taken in taken_by(stored):
            shift(taken, days.get(taken.allocation.pk, {}), reason, by=by, now=now)


def shift(
    taken: Taken,
    days: Mapping[date, Decimal],
    reason: str,
    *,
    by: User,
    now: datetime,
) -> None:
    """Move the taken days of one booking."""
    kept = without(booked_now(taken.allocation).days, taken.days)
    wanted = replace(as_placed(taken.allocation), days=added(kept, days))
    why = Change(reason=reason, cause="illness")
    change(taken.allocation, wanted, why, by=by, now=now)


def release_days(case: ConflictCase, *, reason: str, by: User, now: datetime) -> None:
    """Let the days of the case go; nobody works them."""
    with one_transaction():
        stored = locked(case)
        refuse(reasons_against_resolving(stored))
        for taken in taken_by(stored):
            give_up(taken, reason=reason, by=by, now=now)


def give_up(taken: Taken, *, reason: str, by: User, now: datetime) -> None:
    """Take the days off the booking; the whole of it is released."""
    kept = without(booked_now(taken.allocation).days, taken.days)
    why = Change(reason=reason, cause="illness")
    if not kept:
        release(taken.allocation, why, by=by, now=now)
        return
    wanted = replace(as_placed(taken.allocation), days=kept)
    change(taken.allocation, wanted, why, by=by, now=now)


def without(
    days: Mapping[date, Decimal], gone: Mapping[date, Decimal]
) -> dict[date, Decimal]:
    """Return the days but for those that are gone."""
    return {day: hours for day, hours in days.items() if day not in gone}


def added(
    days: Mapping[date, Decimal], more: Mapping[date, Decimal]
) -> dict[date, Decimal]:
    """Return the days with more hours on some."""
    both = sorted({*days, *more})
    return {day: days.get(day, Decimal(0)) + more.get(day, Decimal(0)) for day in both}


def as_placed(allocation: Allocation) -> Placement:
    """Return a booking as what `place` and `change` take."""
    return Placement(
        engagement=allocation.engagement,
        role=allocation.role,
        hold=allocation.hold,
        days=booked_now(allocation).days,
        person=allocation.person,
        unnamed=allocation.unnamed,
        partner=allocation.partner,
        request=allocation.request,
        expires_at=allocation.expires_at,
        task=allocation.task,
        note=allocation.note,
    )


def locked(case: ConflictCase) -> ConflictCase:
    """Return the case as it is stored, with its engagement locked.

    The engagement alone: whoever books for the person elsewhere holds the days and
    closes cases after that, so a lock on the case would be taken in the wrong order.
    """
    lock_engagement(case.engagement)
    rows = ConflictCase.objects.select_related("person", "engagement", "step")
    return rows.get(pk=case.pk)
