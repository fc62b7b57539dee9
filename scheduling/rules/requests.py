"""Decisions about resource requests: where they may go, who acts next, by when."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from engagements.choices import ENDED_STATUSES
from psdelivery.calendars import Calendar, add_business_days, is_working_day
from psdelivery.people.moments import local_day, span_text
from psdelivery.people.rules.hours import LONGEST_DAY
from psdelivery.registry import Reason
from scheduling.choices import (
    BOOKING_KINDS,
    ENDED_REQUEST_STATES,
    WAITING_STATES,
    RequestBall,
    RequestKind,
    RequestState,
)
from scheduling.models import Allocation, ResourceRequest
from scheduling.rules.booking import reasons_against_person
from scheduling.rules.capacity import MOST_DAYS

ONE_DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
STALE = "stale"
MOST_RANGES = 12
Range = tuple[date, date]

# domain.md, section 3, "Moves"; a planning inquiry may end with an answer in words.
MOVES: dict[str, frozenset[str]] = {
    RequestState.DRAFT: frozenset({RequestState.SUBMITTED, RequestState.WITHDRAWN}),
    RequestState.SUBMITTED: frozenset(
        {RequestState.UNDER_REVIEW, RequestState.REFUSED, RequestState.WITHDRAWN}
    ),
    RequestState.UNDER_REVIEW: frozenset(
        {
            RequestState.BOOKED,
            RequestState.OFFERED,
            RequestState.ANSWERED,
            RequestState.REFUSED,
            RequestState.WITHDRAWN,
        }
    ),
    RequestState.OFFERED: frozenset(
        {RequestState.ACCEPTED, RequestState.UNDER_REVIEW, RequestState.WITHDRAWN}
    ),
    RequestState.ACCEPTED: frozenset(
        {RequestState.BOOKED, RequestState.UNDER_REVIEW, RequestState.WITHDRAWN}
    ),
    # what was booked softly has expired.
    RequestState.BOOKED: frozenset({RequestState.UNDER_REVIEW}),
}
# What may still be written anew: what was offered was found for what it said.
EDITABLE_STATES = frozenset(
    {RequestState.DRAFT, RequestState.SUBMITTED, RequestState.UNDER_REVIEW}
)


def ball_in(state: str) -> RequestBall:
    """Return who acts next in a state; nobody once it ended."""
    if state in ENDED_REQUEST_STATES:
        return RequestBall.NOBODY
    if state in WAITING_STATES:
        return RequestBall.COORDINATION
    return RequestBall.REQUESTER


def reasons_against_move(asked: ResourceRequest, to: str) -> list[Reason]:
    """No move outside the table (domain.md, section 3)."""
    return reasons_of_table(asked, asked.state, to)


def reasons_against_handling(asked: ResourceRequest, to: str) -> list[Reason]:
    """As for a move; what was just sent is taken under review on the way."""
    was_sent = asked.state == RequestState.SUBMITTED
    state = RequestState.UNDER_REVIEW if was_sent else asked.state
    return reasons_of_table(asked, state, to)


def reasons_of_table(asked: ResourceRequest, state: str, to: str) -> list[Reason]:
    """Ask the table for a move from a state; only an inquiry ends with an answer."""
    if to == RequestState.ANSWERED and asked.kind != RequestKind.PLANNING:
        sentence = _("Only a planning inquiry ends with an answer: book or refuse it.")
        return [Reason("no-inquiry", sentence)]
    return [] if to in MOVES.get(state, frozenset()) else [reason_of_state(asked)]


def reason_of_state(asked: ResourceRequest) -> Reason:
    """Say that a request is not where something could still be done with it."""
    sentence = _("This request is %(state)s: that is no longer possible.")
    words = {"state": asked.get_state_display().lower()}
    return Reason("state", sentence % words, fix_url=asked.get_absolute_url())


def may_move(asked: ResourceRequest, to: str) -> bool:
    """See `reasons_against_move`."""
    return not reasons_against_move(asked, to)


def may_handle(asked: ResourceRequest, to: str) -> bool:
    """See `reasons_against_handling`."""
    return not reasons_against_handling(asked, to)


def reasons_against_editing(asked: ResourceRequest) -> list[Reason]:
    """A request is written anew until something was offered or decided."""
    return [] if asked.state in EDITABLE_STATES else [reason_of_state(asked)]


def reasons_against_version(
    stored: ResourceRequest, version: int | None, last: str
) -> list[Reason]:
    """What somebody did meanwhile is seen first; `last` says who did what.

    Without a version the caller has read the row inside its own transaction.
    """
    if version is None or stored.version == version:
        return []
    sentence = _("%(last)s meanwhile. The request is %(state)s now: look at it first.")
    words = {"last": last, "state": stored.get_state_display().lower()}
    return [Reason(STALE, sentence % words, fix_url=stored.get_absolute_url())]


def reasons_against_sending(
    asked: ResourceRequest, ranges: Sequence[Range], today: date
) -> list[Reason]:
    """What is sent is still possible: the engagement, the person, and the days."""
    return [
        *reasons_of_engagement(asked),
        *reasons_against_person(asked.person),
        *reasons_against_ranges_of(asked, ranges),
        *reasons_of_past(asked, ranges, today),
    ]


def reasons_of_engagement(asked: ResourceRequest) -> list[Reason]:
    """Nobody is asked for on work that has ended; a booking of it may still change."""
    engagement = asked.engagement
    if engagement is None or is_about_booking(asked.kind):
        return []
    if engagement.status not in ENDED_STATUSES:
        return []
    sentence = _("%(engagement)s is %(state)s.") % {
        "engagement": engagement,
        "state": engagement.get_status_display().lower(),
    }
    return [Reason("engagement-ended", sentence, engagement.get_absolute_url())]


def reasons_against_ranges_of(
    asked: ResourceRequest, ranges: Sequence[Range]
) -> list[Reason]:
    """A release from its first day on names no days; everything else does."""
    if asked.kind == RequestKind.RELEASE and not ranges:
        return []
    return reasons_against_ranges(ranges)


def reasons_of_past(
    asked: ResourceRequest, ranges: Sequence[Range], today: date
) -> list[Reason]:
    """People are asked for on days to come; internal time may be told afterwards."""
    if asked.kind not in {RequestKind.ENGAGEMENT, RequestKind.PLANNING} or not ranges:
        return []
    if max(last for _first, last in ranges) >= today:
        return []
    return [Reason("past", _("These days are over."))]


def reasons_against_asking_about(
    booking: Allocation, others: Iterable[ResourceRequest]
) -> list[Reason]:
    """One question at a time about a booking that stands; `others` still wait."""
    if not booking.is_active:
        sentence = _("This booking does not stand any more: %(state)s.")
        words = {"state": booking.get_state_display()}
        return [Reason("ended", sentence % words, booking.get_absolute_url())]
    sentence = _("%(person)s has already asked about this booking.")
    return [
        Reason(
            "asked-already",
            sentence % {"person": other.requested_by},
            other.get_absolute_url(),
            str(other),
        )
        for other in others
    ]


def reasons_against_refusal(reason: str) -> list[Reason]:
    """A request is refused with a reason."""
    return [] if reason.strip() else [Reason("reason-missing", _("Say why."))]


def reasons_against_ranges(ranges: Sequence[Range]) -> list[Reason]:
    """Return what is wrong with days asked for: order, overlap, two years at most."""
    if not ranges:
        return [Reason("ranges-missing", _("Say on which days."))]
    backwards = [one for one in ranges if one[1] < one[0]]
    if backwards:
        return [Reason("order", _("The last day lies before the first."))]
    if len(ranges) > MOST_RANGES:
        words = {"most": MOST_RANGES}
        return [Reason("ranges-many", _("Name at most %(most)s ranges.") % words)]
    whole = max(last for _first, last in ranges) - min(f for f, _last in ranges)
    if whole.days > MOST_DAYS:
        return [Reason("too-long", _("Ask for two years at most at a time."))]
    return reasons_of_overlap(ranges)


def reasons_of_overlap(ranges: Sequence[Range]) -> list[Reason]:
    """Two ranges of one request never name the same day."""
    ordered = sorted(ranges)
    pairs = zip(ordered, ordered[1:], strict=False)
    sentence = _("%(one)s and %(other)s overlap: a day can be asked for once.")
    return [
        Reason(
            "overlap", sentence % {"one": span_text(*one), "other": span_text(*other)}
        )
        for one, other in pairs
        if other[0] <= one[1]
    ]


def days_of_ranges(ranges: Iterable[Range]) -> list[date]:
    """Return every day of the ranges, in order, each once."""
    found = {
        first + ONE_DAY * number
        for first, last in ranges
        for number in range((last - first).days + 1)
    }
    return sorted(found)


def reasons_against_days(
    days: Sequence[date],
    any_days: int | None,
    calendar: Calendar,
    extra: Collection[date] = (),
) -> list[Reason]:
    """Days asked for have working days among them, and as many as are wanted.

    `extra` are days off on which extra hours were asked or agreed for.
    """
    works = (day in extra or is_working_day(day, calendar) for day in days)
    if days and not any(works):
        sentence = _(
            "All of these days are weekends or public holidays. Ask for an extra day "
            "of the person first."
        )
        return [Reason("no-working-day", sentence)]
    if any_days is not None and any_days > len(days):
        sentence = _("These are only %(count)s days.") % {"count": len(days)}
        return [Reason("any-days", sentence)]
    return []


def reasons_of_hours(per_day: Decimal | None, total: Decimal | None) -> list[Reason]:
    """Hours are said in one way: per day, or in total."""
    if (per_day is None) != (total is None):
        return []
    return [Reason("hours-one-way", _("Say hours a day or in total, not both."))]


def reasons_of_total(total: Decimal | None, days: int) -> list[Reason]:
    """As many days have at most 24 hours each."""
    if total is None or total <= days * LONGEST_DAY:
        return []
    sentence = _("%(days)s days have no %(hours)s hours.")
    words = {"days": days, "hours": f"{total.normalize():f}"}
    return [Reason("hours-many", sentence % words)]


def reasons_outside_booking(booking: Allocation, days: Sequence[date]) -> list[Reason]:
    """What is released lies within the booking."""
    if not days:
        return []
    if booking.starts_on <= days[0] and days[-1] <= booking.ends_on:
        return []
    words = {"days": span_text(booking.starts_on, booking.ends_on)}
    sentence = _("The booking is %(days)s.") % words
    return [Reason("outside-booking", sentence)]


def is_about_booking(kind: str) -> bool:
    """Whether a request of this kind is about a booking that stands."""
    return kind in BOOKING_KINDS


def answer_day(today: date, days: int, calendar: Calendar) -> date:
    """Return by which day coordination answers: *2* business days on its calendar."""
    return add_business_days(today, days, calendar)


def days_left(due_at: datetime, stopped_at: datetime, calendar: Calendar) -> int:
    """Return the business days that the response clock still had when it stopped.

    It runs only while coordination has the ball: what is left of it counts on when
    the ball comes back. Late is late, but never less than the day itself.
    """
    due = local_day(due_at - INSTANT, calendar.zone)
    day, left = local_day(stopped_at, calendar.zone), 0
    while day < due:
        day += ONE_DAY
        left += is_working_day(day, calendar)
    return left


def coordination_time(asked: ResourceRequest, now: datetime) -> timedelta:
    """Return how long coordination has had the ball altogether (elapsed time)."""
    before = timedelta(hours=float(asked.coordination_hours))
    if asked.ball_with != RequestBall.COORDINATION:
        return before
    return before + (now - asked.ball_since)
