"""Keep, soften or release the bookings of work that is set aside or ends."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.choices import BookingChoice, Status
from engagements.models import Engagement, TeamMember
from engagements.registry import Booked, Settling, bookings
from psdelivery.people.models import User
from psdelivery.registry import RuleRefused
from scheduling.choices import Hold
from scheduling.events import BookedDays
from scheduling.models import Allocation
from scheduling.queries.standing import bookings_to_come, today_of
from scheduling.rules.capacity import OVERBOOKED
from scheduling.services.bookings import Change, change, locked, place, release
from scheduling.services.placements import Placement, booked_now, placement_of

UNNAMED_LENGTH = 120
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
    settling = replace(settling, reason=settling.reason or words_of(engagement))
    rows = Allocation.objects.booked().filter(engagement=engagement, pk__in=choices)
    changed = 0
    for row in rows.order_by("pk"):
        changed += settle_one(row, choices[row.pk], first, settling)
    return changed


def words_of(engagement: Engagement) -> str:
    """Say why bookings go where the status table asks for no reason."""
    words = _("The engagement is now: %(status)s.")
    return words % {"status": engagement.get_status_display()}


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
    wanted = replace(placement_of(stored, booked), hold=Hold.SOFT, days=coming)
    move_days(stored, booked, wanted, settling)


def hand_bookings_on(
    member: TeamMember, to: User, *, leaves_open: bool, settling: Settling
) -> None:
    """Give what is booked from today on for a person in a role to the next person.

    Inside the caller's transaction. R-6 is asked for hard days; where they are not
    free the booking becomes an unnamed resource, or RuleRefused names them.
    """
    first = today_of(member.engagement, settling.now)
    rows = Allocation.objects.booked().filter(
        engagement=member.engagement,
        role=member.role,
        person=member.person,
        ends_on__gte=first,
    )
    for row in rows.order_by("pk"):
        hand_one_on(row, first, to, leaves_open=leaves_open, settling=settling)


def hand_one_on(
    row: Allocation, first: date, to: User, *, leaves_open: bool, settling: Settling
) -> None:
    """Give one booking on; days worked stay with whoever worked them."""
    stored = locked(row)
    booked = booked_now(stored)
    coming = {day: hours for day, hours in booked.days.items() if day >= first}
    if not coming:
        return
    named = replace(placement_of(stored, booked), person=to, days=coming)
    try:
        with transaction.atomic():
            move_days(stored, booked, named, settling)
    except RuleRefused as refused:
        if not leaves_open or not is_about_days(refused):
            raise
        words = _("%(role)s, instead of %(person)s") % {
            "role": stored.get_role_display(),
            "person": stored.person,
        }
        unnamed = replace(named, person=None, unnamed=words[:UNNAMED_LENGTH])
        move_days(stored, booked, unnamed, settling)


def is_about_days(refused: RuleRefused) -> bool:
    """Tell whether nothing but full days stand against a booking (R-6)."""
    return all(reason.code == OVERBOOKED for reason in refused.reasons)


def move_days(
    stored: Allocation, booked: BookedDays, wanted: Placement, settling: Settling
) -> None:
    """Write the days to come anew; of a booking that has begun they are one apart."""
    by, now = settling.by, settling.now
    if len(wanted.days) == len(booked.days):
        change(stored, wanted, Change(reason=settling.reason), by=by, now=now)
        return
    free(stored, min(wanted.days), settling)
    place(wanted, by=by, reason=settling.reason, now=now)


class ScheduleKeeper:
    """What engagements ask of the schedule about their bookings."""

    def to_come(self, engagement: Engagement, now: datetime) -> list[Booked]:
        return bookings_to_come(engagement, now)

    def settle(
        self, engagement: Engagement, choices: Mapping[int, str], settling: Settling
    ) -> int:
        return settle_bookings(engagement, choices, settling)

    def hand_on(
        self, member: TeamMember, to: User, *, leaves_open: bool, settling: Settling
    ) -> None:
        hand_bookings_on(member, to, leaves_open=leaves_open, settling=settling)


def register_keeper() -> None:
    """Let engagements ask for their bookings, and settle them."""
    bookings.register(ScheduleKeeper())
