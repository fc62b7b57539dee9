"""Move a booking to other days or to somebody else, as the board and its form do."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from psdelivery.people.models import User
from psdelivery.registry import Reason, refuse
from scheduling.capacity_facts import Span
from scheduling.choices import DayOff, Hold
from scheduling.events import BookedDays
from scheduling.models import Allocation, CapacityDay
from scheduling.queries.board_rows import Loads, loads_of
from scheduling.queries.taken import Taken, taken_on
from scheduling.rules.board import DayLoad
from scheduling.rules.booking import reasons_against_changing, reasons_against_version
from scheduling.rules.capacity import NOTHING, reasons_against_hours_of_days
from scheduling.rules.moving import (
    moved_days,
    reasons_against_moving,
    reasons_against_room,
    stretched_days,
)
from scheduling.services.bookings import Change, change
from scheduling.services.placements import (
    Held,
    Placement,
    booked_now,
    by_key,
    placement_of,
    reasons_against_placing,
)

# Days off may push a booking further than it is long.
SLACK = timedelta(days=90)
UNNAMED_HOURS = Decimal(8)


@dataclass(frozen=True, kw_only=True)
class Drop:
    """Where a booking is put: whose it is, how firm, and from which day on.

    With a `last` day it gets this beginning and end; without one all its days move.
    """

    person: User | None
    hold: str
    first: date
    last: date | None = None


@dataclass(frozen=True)
class Preview:
    """What a move would do, before anything is written."""

    allocation: Allocation
    before: BookedDays
    wanted: Placement
    reasons: list[Reason]
    # Hard bookings in the way, and tentative ones on the same days.
    hard: list[Taken]
    soft: list[Taken]
    skipped: list[tuple[date, str]]

    @property
    def after(self) -> BookedDays:
        return self.wanted.as_booked()

    @property
    def is_same(self) -> bool:
        return self.before == self.after


def preview_move(
    allocation: Allocation, drop: Drop, version: int | None, *, now: datetime
) -> Preview:
    """Return what a move would do and what stands against it; nothing is locked.

    The booking itself asks again, with everything locked.
    """
    before = standing_days(allocation)
    reasons = [
        *reasons_against_version(allocation, version),
        *reasons_against_moving(allocation),
    ]
    loads = loads_at(drop, before)
    wanted = wanted_of(allocation, before, drop, loads)
    if not reasons:
        reasons = reasons_against_drop(allocation, before, drop, wanted, loads, now)
    hard, soft = others_there(allocation, wanted)
    return Preview(
        allocation, before, wanted, reasons, hard, soft, skipped_days(wanted, loads)
    )


def move_booking(
    allocation: Allocation, drop: Drop, why: Change, *, by: User, now: datetime
) -> Allocation:
    """Move a booking; raises RuleRefused with what stands against it (R-2, R-3, R-6).

    The days are worked out from what was looked at: whoever was faster is noticed by
    the version in `why`.
    """
    before = standing_days(allocation)
    refuse(reasons_against_moving(allocation))
    wanted = wanted_of(allocation, before, drop, loads_at(drop, before))
    if not is_stretched(drop):
        refuse(reasons_against_room(before.days, wanted.days, drop.first))
    return change(allocation, wanted, why, by=by, now=now)


def standing_days(allocation: Allocation) -> BookedDays:
    """Return the booking as it stands; raise RuleRefused where it does not any more."""
    before = booked_now(allocation)
    if not before.days:
        allocation.refresh_from_db()
        ended = reasons_against_changing(allocation)
        refuse(ended or reasons_against_hours_of_days(before.days))
    return before


def is_stretched(drop: Drop) -> bool:
    return drop.last is not None


def wanted_of(
    allocation: Allocation, before: BookedDays, drop: Drop, loads: Loads
) -> Placement:
    """Return the booking as it would be."""
    works = {day: bool(one.capacity) for day, one in loads.items()}
    is_there = before.person == drop.person and min(before.days) == drop.first
    if drop.last is not None:
        days = stretched_days(before.days, drop.first, drop.last, works)
    elif is_there:
        days = dict(before.days)
    else:
        days = moved_days(before.days, drop.first, worked(before), works)
    unnamed = allocation.unnamed or str(allocation.get_role_display())
    return replace(
        placement_of(allocation, before),
        person=drop.person,
        unnamed="" if drop.person else unnamed,
        partner=None if drop.person else allocation.partner,
        hold=drop.hold,
        days=days,
        expires_at=allocation.expires_at if drop.hold == before.hold else None,
    )


def worked(before: BookedDays) -> dict[date, bool]:
    """Return which days the person of a booking works on while it lasts."""
    return works_of(before.person, Span(min(before.days), max(before.days)))


def works_of(person: User | None, span: Span) -> dict[date, bool]:
    """Return which days somebody works on; nobody named works Monday to Friday."""
    if person is None:
        return {day: day.weekday() < 5 for day in span.days}
    loads = loads_of([person], span)[person.pk]
    return {day: bool(one.capacity) for day, one in loads.items()}


def loads_at(drop: Drop, before: BookedDays) -> Loads:
    """Return the days of whom a booking is put to, as far as it may reach."""
    first, length = drop.first, max(before.days) - min(before.days)
    last = drop.last if drop.last is not None else first + length + SLACK
    span = Span(min(first, last), max(first, last))
    if drop.person is None:
        usual = {True: DayLoad(capacity=UNNAMED_HOURS), False: DayLoad(NOTHING)}
        return {day: usual[day.weekday() < 5] for day in span.days}
    return loads_of([drop.person], span)[drop.person.pk]


def reasons_against_drop(
    allocation: Allocation,
    before: BookedDays,
    drop: Drop,
    wanted: Placement,
    loads: Loads,
    now: datetime,
) -> list[Reason]:
    """Ask for room, the gate (R-2, R-3) and the capacity (R-6) without locking."""
    if not is_stretched(drop):
        reasons = reasons_against_room(before.days, wanted.days, drop.first)
        if reasons:
            return reasons
    rows = {
        (pk, day): unsaved_day(pk, day, loads[day])
        for pk, day in by_key(wanted.as_booked())
        if day in loads
    }
    return reasons_against_placing(wanted, Held(before, rows), allocation, now)


def unsaved_day(person_id: int, day: date, load: DayLoad) -> CapacityDay:
    """Return a day as the rule of the capacity asks for it (not saved)."""
    return CapacityDay(
        person_id=person_id,
        day=day,
        capacity=load.capacity,
        hard=load.hard,
        soft=load.soft,
        off=load.off,
    )


def others_there(
    allocation: Allocation, wanted: Placement
) -> tuple[list[Taken], list[Taken]]:
    """Return what else is booked on these days, hard and tentative."""
    if wanted.person is None:
        return [], []
    found = taken_on(wanted.person, wanted.days, holds=list(Hold), without=allocation)
    hard = [one for one in found if one.allocation.hold == Hold.HARD]
    return hard, [one for one in found if one not in hard]


def skipped_days(wanted: Placement, loads: Loads) -> list[tuple[date, str]]:
    """Return the days off within the booking that are not those of each week."""
    if not wanted.days:
        return []
    first, last = min(wanted.days), max(wanted.days)
    usual = {DayOff.NONE, DayOff.WEEKEND}
    return [
        (day, loads[day].off)
        for day in Span(first, last).days
        if day in loads and day not in wanted.days and loads[day].off not in usual
    ]
