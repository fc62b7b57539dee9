"""The roster of a class: minutes in class, who came, and when it is complete."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from psdelivery.people.moments import day_text
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason
from training.choices import DeliveryState
from training.imports import Join
from training.models import Delivery, Session
from training.rules.classes import day_of

MINUTE = timedelta(minutes=1)
# So many days before a step on the registrations is due a count settles it.
COUNTED_AHEAD = 4


def merged(joins: Iterable[Join]) -> list[Join]:
    """Return the times without overlap: two devices at once are one person."""
    together: list[Join] = []
    for join in sorted(joins, key=lambda one: (one.joined, one.left)):
        if together and join.joined <= together[-1].left:
            last = together.pop()
            join = Join(last.joined, max(last.left, join.left))
        together.append(join)
    return together


def within(joins: Iterable[Join], start: datetime, end: datetime) -> list[Join]:
    """Return the parts of the times that lie in the session, without overlap."""
    parts = [Join(max(one.joined, start), min(one.left, end)) for one in merged(joins)]
    return [part for part in parts if part.left > part.joined]


def minutes_within(
    joins: Iterable[Join], start: datetime, end: datetime, *, counted: int = 0
) -> int:
    """Return the minutes in the session, rounded to the nearest.

    `counted` are minutes that a report sums up without saying when; together never
    more than the session is long.
    """
    parts = within(joins, start, end)
    spent = sum((part.left - part.joined for part in parts), timedelta())
    spent += counted * MINUTE
    return int((min(spent, end - start) + MINUTE / 2) // MINUTE)


def is_present(minutes: int | None, least: int) -> bool:
    """Tell whether so many minutes count as having been there (*10*)."""
    return minutes is not None and minutes >= least


def tells_of(joins: Sequence[Join], session: Session) -> bool:
    """Tell whether a report with these joins is of the session: one overlaps it."""
    return bool(within(joins, session.starts_at, session.ends_at))


def session_told(joins: Sequence[Join], sessions: Iterable[Session]) -> Session | None:
    """Return the session that a report tells most minutes of, None where none."""
    times = {one: minutes_within(joins, one.starts_at, one.ends_at) for one in sessions}
    told = [one for one in times if times[one] or tells_of(joins, one)]
    return max(told, key=lambda one: times[one], default=None)


def is_counted(step: Step, counted_on: date) -> bool:
    """Tell whether a count of that day is the look that the step asks for.

    It is when the step is due within *4* days: at a week it does not settle the one
    at two days.
    """
    if step.due_day is None:
        return False
    return step.due_day - counted_on <= timedelta(days=COUNTED_AHEAD)


def seats_missing(registered: int, seats: int) -> int:
    """Return how many more have registered than there are seats."""
    return max(0, registered - seats)


def reasons_against_count(counted_on: date, today: date) -> list[Reason]:
    """Return the reason against a count of a day that is to come."""
    if counted_on <= today:
        return []
    return [Reason("day-ahead", _("Nobody has counted on a day that is to come."))]


def reasons_against_roster(delivery: Delivery) -> list[Reason]:
    """Return the reason against changing the roster: the class was called off."""
    if delivery.state != DeliveryState.CANCELLED:
        return []
    sentence = _("This class was called off: it has no roster.")
    return [Reason("cancelled", sentence, delivery.get_absolute_url())]


@dataclass(frozen=True)
class RosterState:
    """What decides whether a roster is complete.

    `unknown` are the sessions of which nobody has said who came.
    """

    delivery: Delivery
    people: int
    doubtful: int
    not_held: Sequence[Session] = ()
    unknown: Sequence[Session] = ()
    url: str = ""
    review_url: str = ""


def reasons_against_complete(state: RosterState) -> list[Reason]:
    """Return what a roster lacks: sessions held, who came to each, rows decided."""
    if against := reasons_against_roster(state.delivery):
        return against
    return [
        *reasons_of_not_held(state),
        *reasons_of_unknown(state),
        *reasons_of_doubt(state),
        *reasons_of_nobody(state),
    ]


def reasons_of_not_held(state: RosterState) -> list[Reason]:
    """Return a reason for each session that is still to be held."""
    sentence = _("The session on %(day)s is not held yet.")
    url = state.delivery.get_absolute_url()
    return [
        Reason(
            "not-held",
            sentence % {"day": day_text(day_of(session))},
            f"{url}#session-{session.pk}",
            _("Open the class"),
        )
        for session in state.not_held
    ]


def reasons_of_unknown(state: RosterState) -> list[Reason]:
    """Return a reason for each session held of which nobody knows who came."""
    sentence = _("Who came on %(day)s is not known: import the attendee report.")
    return [
        Reason(
            "attendance-missing",
            sentence % {"day": day_text(day_of(session))},
            f"{state.url}import/",
            _("Import a report"),
        )
        for session in state.unknown
    ]


def reasons_of_doubt(state: RosterState) -> list[Reason]:
    """Return the reason of rows that nobody has decided yet."""
    if not state.doubtful:
        return []
    sentence = ngettext(
        "One row of a report is to be decided.",
        "%(n)s rows of reports are to be decided.",
        state.doubtful,
    )
    words = sentence % {"n": state.doubtful}
    return [Reason("doubtful", words, state.review_url, _("Decide them"))]


def reasons_of_nobody(state: RosterState) -> list[Reason]:
    """Return the reason against a roster on which nobody stands."""
    if state.people:
        return []
    return [Reason("nobody", _("Nobody is on the roster."), state.url, _("Roster"))]


@dataclass(frozen=True)
class TrainingProof:
    """R-17: what training revenue is released on: classes held, and their rosters in.

    `missing` says what lacks, with a link to where it is mended.
    """

    classes: int
    missing: tuple[Reason, ...] = ()

    @property
    def is_complete(self) -> bool:
        return not self.missing


def reasons_of_rosters_out(deliveries: Iterable[Delivery]) -> list[Reason]:
    """R-17: training revenue is released when each class is held and its roster in."""
    sentence = _("The roster of “%(class)s” is not with finance.")
    return [
        Reason(
            "roster-out",
            sentence % {"class": delivery.title},
            f"{delivery.get_absolute_url()}roster/",
            _("Open the roster"),
        )
        for delivery in deliveries
        if delivery.roster_in_at is None
    ]


def reasons_of_not_all_held(deliveries: Iterable[Delivery]) -> list[Reason]:
    """R-17: return a reason for each class that is not held."""
    sentence = _("“%(class)s” is not held yet.")
    return [
        Reason(
            "class-not-held",
            sentence % {"class": delivery.title},
            delivery.get_absolute_url(),
            _("Open the class"),
        )
        for delivery in deliveries
        if delivery.state != DeliveryState.HELD
    ]
