"""R-7: what may be offered, until when, and who may still decide about it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from psdelivery.calendars import Calendar, Offset, OffsetUnit, due_moment
from psdelivery.registry import Reason
from scheduling.choices import OfferState, RequestKind
from scheduling.models import Offer
from scheduling.rules.capacity import NOTHING

# The column's.
REASON_LENGTH = 300
# A release asks for nobody.
NOT_OFFERED = frozenset({RequestKind.RELEASE})


def offer_ends(now: datetime, days: int, calendar: Calendar) -> datetime:
    """R-7: return when an offer ends: *2* business days after it was made.

    On the calendar of who asked, at the end of that day.
    """
    return due_moment(now, Offset(days, OffsetUnit.BUSINESS_DAYS), calendar).at


def question_ends(
    now: datetime, answer_due: datetime | None, days: int, calendar: Calendar
) -> datetime:
    """R-7: return by when the requester of a soft hold decides.

    Within the clock in which the request itself is answered; where that has run out,
    within the same number of business days on their own calendar.
    """
    if answer_due is not None and answer_due > now:
        return answer_due
    return offer_ends(now, days, calendar)


def reasons_against_offering(
    kind: str, chosen: Collection[str], standing: Collection[Offer], *, most: int
) -> list[Reason]:
    """R-7: at least one way is offered, at most *3*, and none twice.

    `chosen` are the fingerprints of what is to be offered, `standing` the offers that
    still wait for somebody.
    """
    if kind in NOT_OFFERED:
        sentence = _("A release asks for nobody: carry it out, or refuse it.")
        return [Reason("release", sentence)]
    if not chosen:
        return [Reason("nothing", _("Choose what to offer."))]
    if len(chosen) + len(standing) > most:
        sentence = ngettext(
            "At most %(n)d way is offered at once.",
            "At most %(n)d ways are offered at once.",
            most,
        )
        return [Reason("too-many", sentence % {"n": most})]
    if {one.fingerprint for one in standing} & set(chosen):
        return [Reason("twice", _("This is offered already."))]
    return []


def reasons_against_choosing(offer: Offer, *, now: datetime) -> list[Reason]:
    """R-7: an offer is accepted or declined while it stands, and not twice."""
    return reasons_of_state(offer, OfferState.OPEN, now)


def reasons_against_giving_way(offer: Offer, *, now: datetime) -> list[Reason]:
    """R-7: the requester of a soft hold answers while the question stands."""
    return reasons_of_state(offer, OfferState.ASKING, now)


def reasons_of_state(offer: Offer, wanted: str, now: datetime) -> list[Reason]:
    """Return why an offer is no longer in the state in which somebody decides."""
    url = offer.request.get_absolute_url()
    if offer.state != wanted:
        sentence = _("This was decided meanwhile: %(state)s.")
        words = {"state": offer.get_state_display()}
        return [Reason("decided", sentence % words, url)]
    if offer.expires_at <= now:
        return [Reason("expired", _("The time to decide is over."), url)]
    return []


def reasons_without_words(reason: str) -> list[Reason]:
    """Who declines says why: the next proposal follows from it."""
    return [] if reason.strip() else [Reason("reason-missing", _("Say why."))]


def days_to_give_up(
    held: Mapping[date, Decimal], over: Mapping[date, Decimal]
) -> dict[date, Decimal]:
    """Return what is left of a soft hold once it gives way on days that are full.

    `over` are the hours by which those days would be over their capacity.
    """
    left = {
        day: hours - min(hours, max(over.get(day, NOTHING), NOTHING))
        for day, hours in held.items()
    }
    return {day: hours for day, hours in left.items() if hours > 0}


def waits(offers: Iterable[Offer]) -> Sequence[Offer]:
    """Return the offers that the requester can still take."""
    return [one for one in offers if one.state == OfferState.OPEN]
