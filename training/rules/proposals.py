"""What may be proposed, sent and confirmed of dates for a class (domain.md, section 5).

Pure: no database, no clock, no request.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from string import ascii_uppercase

from django.utils.translation import gettext as _

from engagements.rules.gate import Gate
from psdelivery.calendars import (
    Calendar,
    Offset,
    OffsetUnit,
    due_moment,
    working_day_on_or_after,
)
from psdelivery.people.models import User
from psdelivery.registry import Reason
from training.choices import DatePattern, ProposalState
from training.models import DateProposal
from training.rules.classes import reasons_against_promising_dates
from training.rules.times import (
    LocalTimes,
    SessionTimes,
    reasons_against_overlap,
    reasons_against_times,
)

FEWEST, MOST = 2, 3
ONE_DAY = timedelta(days=1)
ONE_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Proposed:
    """One set of dates as somebody proposes it."""

    sessions: Sequence[SessionTimes]
    trainer: User | None = None


def letter(order: int) -> str:
    """Return what a set of dates is called: A, B, C, by its place from 0 on."""
    return ascii_uppercase[order]


def following(last: LocalTimes, pattern: str, calendar: Calendar) -> LocalTimes:
    """Return the session after this one, at the same hours on the same clock.

    Working days are those of the calendar, the customer's.
    """
    if pattern == DatePattern.WEEKLY:
        return replace(last, day=last.day + ONE_WEEK)
    return replace(last, day=working_day_on_or_after(last.day + ONE_DAY, calendar))


def answer_due(sent_at: datetime, days: int, calendar: Calendar) -> datetime:
    """Return until when the customer may answer: *5* business days after sending.

    Their calendar; the moment (UTC) at which the last of these days ends.
    """
    return due_moment(sent_at, Offset(days, OffsetUnit.BUSINESS_DAYS), calendar).at


def reasons_against_options(
    options: Sequence[Proposed], *, now: datetime
) -> list[Reason]:
    """Return what is wrong with the sets of dates: how many, their times, two alike."""
    reasons = []
    if not FEWEST <= len(options) <= MOST:
        sentence = _("Propose two or three sets of dates to choose from.")
        reasons.append(Reason("options", sentence))
    for order, option in enumerate(options):
        against = reasons_against_sessions(option.sessions, now=now)
        reasons += [of_option(order, reason) for reason in against]
    return [*reasons, *reasons_of_same(options)]


def reasons_against_sessions(
    sessions: Sequence[SessionTimes], *, now: datetime
) -> list[Reason]:
    """Return what is wrong with the sessions of one set."""
    reasons = [] if sessions else [Reason("sessions", _("A class has a session."))]
    for place, one in enumerate(sessions):
        reasons += reasons_against_times(one)
        reasons += reasons_against_overlap(one, sessions[:place])
    if any(one.starts_at <= now for one in sessions):
        reasons.append(Reason("past", _("A session begins in the past.")))
    return reasons


def reasons_of_same(options: Sequence[Proposed]) -> list[Reason]:
    """Return a reason where two sets are the same: nobody could choose."""
    seen: list[set[datetime]] = []
    reasons = []
    for order, option in enumerate(options):
        starts = {one.starts_at for one in option.sessions}
        if starts and starts in seen:
            words = {"one": letter(seen.index(starts)), "other": letter(order)}
            sentence = _("Options %(one)s and %(other)s are the same dates.") % words
            reasons.append(Reason("same", sentence))
        seen.append(starts)
    return reasons


def of_option(order: int, reason: Reason) -> Reason:
    """Return the reason with the option that it is about in front."""
    words = {"option": letter(order), "reason": reason.sentence}
    return replace(reason, sentence=_("Option %(option)s: %(reason)s") % words)


def reasons_against_open(proposal: DateProposal) -> list[Reason]:
    """Return the reason against deciding on a proposal that is decided already."""
    if proposal.is_open:
        return []
    sentence = _("This proposal is %(state)s: nothing is held by it any more.")
    words = {"state": proposal.get_state_display()}
    return [
        Reason("decided", sentence % words, proposal.get_absolute_url(), _("Open it"))
    ]


def reasons_against_confirming(
    proposal: DateProposal, gate: Gate, said_on: date, *, today: date
) -> list[Reason]:
    """R-2: no date is promised before the gate is open, whoever said yes.

    `said_on` is the day of the customer's yes, `today` the customer's day.
    """
    reasons = [
        *reasons_against_open(proposal),
        *reasons_against_promising_dates(gate),
    ]
    if said_on > today:
        reasons.append(Reason("said-on", _("This day is still to come.")))
    return reasons


def reasons_against_telling(
    proposal: DateProposal, held: Iterable["HeldOption"], *, now: datetime
) -> list[Reason]:
    """Return what stands against a mail with these dates: past, or no longer held."""
    url = proposal.get_absolute_url()
    reasons = []
    for option in held:
        words = {"proposal": proposal, "option": letter(option.order)}
        if option.first_start <= now:
            sentence = _("“%(proposal)s”: option %(option)s is in the past.")
            reasons.append(Reason("past", sentence % words, url, _("Open it")))
        if option.trainer is not None and not option.is_held:
            sentence = _(
                "“%(proposal)s”: the days of %(trainer)s for option %(option)s are "
                "not held any more."
            )
            words["trainer"] = option.trainer
            reasons.append(Reason("not-held", sentence % words, url, _("Open it")))
    return reasons


@dataclass(frozen=True)
class HeldOption:
    """A proposed set as far as a mail depends on it."""

    order: int
    first_start: datetime
    trainer: User | None
    is_held: bool


def is_waiting_for_customer(proposal: DateProposal) -> bool:
    """Tell whether the customer has the dates and has not answered."""
    return proposal.state == ProposalState.SENT
