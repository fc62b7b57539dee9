"""Decisions about placing, changing and releasing a booking."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from engagements.choices import Booking
from psdelivery.people.models import User
from psdelivery.registry import Reason
from scheduling.choices import AllocationState, Hold
from scheduling.models import Allocation
from scheduling.rules.capacity import NOTHING

STALE = "stale"


@dataclass(frozen=True)
class Summary:
    """What the team of an engagement says of somebody's bookings in a role.

    Hard ones count alone where there are any: soft days promise nothing.
    """

    booking: str = ""
    first_day: date | None = None
    hours: Decimal | None = None


def summary_of(days: Iterable[tuple[str, date, Decimal]]) -> Summary:
    """Return the summary of days (hold, day, hours) of one person in one role."""
    known = list(days)
    for hold in (Hold.HARD, Hold.SOFT):
        counted = [(day, hours) for one, day, hours in known if one == hold]
        if counted:
            first = min(day for day, _hours in counted)
            total = sum((hours for _day, hours in counted), NOTHING)
            return Summary(Booking(hold.value), first, total)
    return Summary()


def soft_hold_ends(placed_at: datetime, days: int) -> datetime:
    """R-8: return when a soft hold expires: *14* days (of 24 hours) after placing."""
    return placed_at + timedelta(days=days)


def soft_hold_extended(expires_at: datetime, days: int) -> datetime:
    """R-8: return when an extended hold expires: as many days after it would have."""
    return expires_at + timedelta(days=days)


def warns_until(now: datetime, days: int) -> datetime:
    """R-8: return up to when a hold may end to be warned about: *3* days from now."""
    return now + timedelta(days=days)


def reasons_against_extending(stored: Allocation, reason: str) -> list[Reason]:
    """R-8: a soft hold is extended with a reason; nothing else expires like it."""
    if stored.state == AllocationState.ACTIVE and stored.hold != Hold.SOFT:
        words = {"hold": stored.get_hold_display()}
        sentence = _("Only a soft hold is extended; this booking is %(hold)s.")
        return [Reason("not-soft", sentence % words)]
    return reasons_against_release(reason)


def reasons_against_hardening(stored: Allocation) -> list[Reason]:
    """R-8: what is soft becomes hard; an offer is accepted first (R-7)."""
    if stored.state != AllocationState.ACTIVE or stored.hold == Hold.SOFT:
        return []
    sentence = _("This booking is %(hold)s: only a soft hold becomes hard.")
    return [Reason("not-soft", sentence % {"hold": stored.get_hold_display()})]


def reasons_against_person(person: User | None) -> list[Reason]:
    """Nobody who has left is booked."""
    if person is None or person.is_active:
        return []
    return [Reason("left", _("%(person)s has left.") % {"person": person})]


def reasons_against_version(stored: Allocation, version: int | None) -> list[Reason]:
    """What somebody else changed meanwhile is not overwritten; say who and how it is.

    Without a version the caller has read the row inside its own transaction.
    """
    if version is None or stored.version == version:
        return []
    sentence = _(
        "%(person)s changed this booking meanwhile: %(booking)s, %(hours)s hours. "
        "Look at it before you go on."
    ) % {
        "person": stored.changed_by or _("The portal"),
        "booking": stored,
        "hours": f"{stored.hours.normalize():f}",
    }
    return [Reason(STALE, sentence)]


def reasons_against_changing(stored: Allocation) -> list[Reason]:
    """What was released or has expired is booked anew."""
    if stored.state == AllocationState.ACTIVE:
        return []
    sentence = _("This booking does not stand any more: %(state)s.")
    return [Reason("ended", sentence % {"state": stored.get_state_display()})]


def reasons_against_release(reason: str) -> list[Reason]:
    """What was booked is released with a reason."""
    return [] if reason.strip() else [Reason("reason-missing", _("Say why."))]


def spread(total: Decimal, free: Mapping[date, Decimal]) -> dict[date, Decimal]:
    """Spread hours over days in quarter hours, the earlier days first where odd.

    No day gets more than it has free; what does not fit stays over, so the sum of
    the result may be less than `total`.
    """
    days = sorted(day for day, hours in free.items() if hours > 0)
    left, result = total, dict.fromkeys(days, NOTHING)
    quarter = Decimal("0.25")
    while left > 0:
        open_days = [day for day in days if result[day] < free[day]]
        if not open_days:
            break
        share = max((left / len(open_days)) // quarter * quarter, quarter)
        for day in open_days:
            given = min(share, free[day] - result[day], left)
            result[day] += given
            left -= given
    return {day: hours for day, hours in result.items() if hours > 0}
