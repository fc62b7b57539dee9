"""Keep, soften or release the bookings of work that is set aside or ends."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from engagements.choices import BookingChoice, Status
from engagements.models import Engagement, TeamMember
from engagements.registry import Booked, Settling, bookings
from scheduling.choices import Hold
from scheduling.events import BookedDays
from scheduling.models import Allocation
from scheduling.queries.standing import bookings_to_come, hard_hours, today_of
from scheduling.services.bookings import Change, change, locked, place, release
from scheduling.services.placements import Placement, booked_now

# Where the work ends with the day, what stands on that day was worked.
WORKED_TODAY = frozenset({Status.CLOSED, Status.COMPLETED})


def settle_bookings(
    engagement: Engagement, choices: Mapping[int, str], settling: Settling
) -> int:
    """Do with each booking what was chosen; return how many changed.

    domain.md, section 0; inside the caller's transaction. `choices` are by key of the
    booking. Only days to come are freed or softened: what was worked stays.
    """
    first = first_freed(engagement, settling.now)
    rows = Allocation.objects.booked().filter(engagement=engagement, pk__in=choices)
    changed = 0
    for row in rows.order_by("pk"):
        changed += settle_one(row, choices[row.pk], first, settling)
    return changed


def first_freed(engagement: Engagement, now: datetime) -> date:
    """Return the first day that is not worked any more, on the customer's calendar."""
    today = today_of(engagement, now)
    return date.fromordinal(today.toordinal() + (engagement.status in WORKED_TODAY))


def settle_one(row: Allocation, choice: str, first: date, settling: Settling) -> bool:
    """Settle one booking; tell whether that changed it."""
    stored = locked(row)
    booked = booked_now(stored)
    coming = {day: hours for day, hours in booked.days.items() if day >= first}
    if not coming or choice not in {BookingChoice.RELEASE, BookingChoice.SOFT}:
        return False
    if choice == BookingChoice.RELEASE:
        free(stored, first, settling)
        return True
    if stored.hold != Hold.HARD:
        return False
    soften(stored, booked, coming, settling)
    return True


def free(stored: Allocation, first: date, settling: Settling) -> None:
    """Free the days from the first on."""
    release(
        stored,
        Change(reason=settling.reason),
        from_day=first,
        by=settling.by,
        now=settling.now,
    )


def soften(
    stored: Allocation,
    booked: BookedDays,
    coming: Mapping[date, Decimal],
    settling: Settling,
) -> None:
    """Make the days to come tentative; days worked stay hard, in a booking apart."""
    wanted = placement_of(stored, booked)
    if len(coming) == len(booked.days):
        change(
            stored,
            replace(wanted, hold=Hold.SOFT),
            Change(reason=settling.reason),
            by=settling.by,
            now=settling.now,
        )
        return
    free(stored, min(coming), settling)
    place(
        replace(wanted, hold=Hold.SOFT, days=coming),
        by=settling.by,
        reason=settling.reason,
        now=settling.now,
    )


def placement_of(stored: Allocation, booked: BookedDays) -> Placement:
    """Return a booking as somebody would want it who changes nothing of it."""
    return Placement(
        engagement=stored.engagement,
        role=stored.role,
        hold=booked.hold,
        days=booked.days,
        person=stored.person,
        unnamed=stored.unnamed,
        partner=stored.partner,
        request=stored.request,
        offer=stored.offer,
        expires_at=stored.expires_at,
        task=stored.task,
        note=stored.note,
    )


class ScheduleKeeper:
    """What engagements ask of the schedule about their bookings."""

    def to_come(self, engagement: Engagement, now: datetime) -> list[Booked]:
        return bookings_to_come(engagement, now)

    def settle(
        self, engagement: Engagement, choices: Mapping[int, str], settling: Settling
    ) -> int:
        return settle_bookings(engagement, choices, settling)

    def hard_hours(self, engagement: Engagement, without: TeamMember) -> Decimal:
        return hard_hours(engagement, without)


def register_keeper() -> None:
    """Let engagements ask for their bookings, and settle them."""
    bookings.register(ScheduleKeeper())
