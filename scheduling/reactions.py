"""What the schedule does when people change: facts always succeed (R-6)."""

from datetime import date, datetime

from django.db.models import Max

from psdelivery.people.choices import TimeOffKind
from psdelivery.people.events import (
    PersonLeft,
    RecordChanged,
    TimeOffChanged,
    WorkingHoursChanged,
)
from psdelivery.people.models import TimeOff, User
from psdelivery.people.moments import local_day
from psdelivery.registry import reactions
from scheduling.board_reactions import note_person
from scheduling.capacity_facts import Span
from scheduling.choices import ConflictCause, Hold
from scheduling.events import AllocationChanged, DaysOverbooked
from scheduling.models import CapacityDay
from scheduling.services.capacity import rebuild_days
from scheduling.services.conflicts import close_settled, open_conflicts

PLACE_FIELDS = frozenset({"country", "subdivision", "is_active"})


@reactions.on(TimeOffChanged)
def follow_time_off(event: TimeOffChanged) -> None:
    """Take the days of time off from the capacity, or give them back."""
    rows = [one for one in (event.time_off, event.before) if one is not None]
    span = Span(min(row.starts_on for row in rows), max(row.ends_on for row in rows))
    follow(event.time_off.person, span, cause_of(event.time_off), event.by, event.at)


def cause_of(time_off: TimeOff) -> ConflictCause:
    """Return what a conflict from this time off is called."""
    is_ill = time_off.kind == TimeOffKind.SICKNESS
    return ConflictCause.SICKNESS if is_ill else ConflictCause.TIME_OFF


@reactions.on(WorkingHoursChanged)
def follow_working_hours(event: WorkingHoursChanged) -> None:
    """Let other hours hold from their first day on."""
    span = known_span(event.person, event.first)
    follow(event.person, span, ConflictCause.HOURS, event.by, event.at)


@reactions.on(PersonLeft)
def follow_leaver(event: PersonLeft) -> None:
    """Take all days to come of somebody who leaves."""
    today = local_day(event.at, event.person.zone)
    span = known_span(event.person, today)
    follow(event.person, span, ConflictCause.LEFT, event.by, event.at)


@reactions.on(RecordChanged)
def follow_place(event: RecordChanged) -> None:
    """Let the holidays of another country, or coming back, count from today on."""
    person = event.subject
    if not isinstance(person, User) or not PLACE_FIELDS & set(event.changes):
        return
    span = known_span(person, local_day(event.at, person.zone))
    follow(person, span, ConflictCause.HOLIDAY, event.by, event.at)


def known_span(person: User, first: date) -> Span:
    """Return the days from this one on that have a row."""
    last = CapacityDay.objects.filter(person=person).aggregate(last=Max("day"))["last"]
    return Span(first, max(first, last or first))


def follow(
    person: User, span: Span, cause: str, by: User | None, now: datetime
) -> None:
    """Write the capacity anew, and tell which days are overbooked now."""
    over = rebuild_days(person, span)
    note_person(person, now)
    if over:
        days = tuple(row.day for row in over)
        reactions.publish(
            DaysOverbooked(person=person, days=days, cause=cause, by=by, now=now)
        )
    close_settled(person, by=by, now=now)


@reactions.on(DaysOverbooked)
def open_cases(event: DaysOverbooked) -> None:
    """Let somebody decide what becomes of the bookings."""
    open_conflicts(event)


@reactions.on(AllocationChanged)
def close_cases(event: AllocationChanged) -> None:
    """Close the conflicts that a booking which changed or ended has settled."""
    if event.before.person is not None and event.before.hold == Hold.HARD:
        close_settled(event.before.person, by=event.by, now=event.now)
