"""What may be done with a class, and when it counts as confirmed or held."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from engagements.choices import KINDS_WITH_TRAINING, Status
from engagements.models import Engagement
from engagements.rules.gate import Gate, reasons_against_hard_booking
from psdelivery.people.moments import day_text
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason
from training.choices import DeliveryState
from training.models import Delivery, Session
from training.rules.times import SessionTimes

NOT_PLANNED_IN = frozenset({Status.CLOSED, Status.COMPLETED, Status.CANCELLED})


def reasons_against_planning(engagement: Engagement) -> list[Reason]:
    """Return what stands against a class for this engagement: its kind or status."""
    url = engagement.get_absolute_url()
    if engagement.kind not in KINDS_WITH_TRAINING:
        sentence = _("Classes belong to training and blended engagements.")
        return [Reason("kind", sentence, url)]
    if engagement.status in NOT_PLANNED_IN:
        sentence = _("The engagement is %(status)s: no class is entered any more.")
        words = {"status": engagement.get_status_display()}
        return [Reason("status", sentence % words, url, _("Open the engagement"))]
    return []


def reasons_against_promising_dates(gate: Gate) -> list[Reason]:
    """R-2: no date is promised to the customer before the gate is open.

    A class may be planned before; it is confirmed only afterwards.
    """
    return reasons_against_hard_booking(gate)


def reasons_against_changing(delivery: Delivery) -> list[Reason]:
    """Return what stands against changing a class: it is called off or was held."""
    if delivery.state == DeliveryState.CANCELLED:
        return [Reason("cancelled", _("This class was called off."))]
    if delivery.state == DeliveryState.HELD:
        sentence = _("This class was held: what has been does not move.")
        return [Reason("held", sentence)]
    return []


def reasons_against_moving(
    delivery: Delivery, sessions: Iterable[Session]
) -> list[Reason]:
    """Return what stands against moving all sessions of a class together."""
    against = reasons_against_changing(delivery)
    if not against and any(session.held_on for session in sessions):
        sentence = _("Some sessions were held: change the others one by one.")
        against = [Reason("some-held", sentence)]
    return against


def reasons_against_changing_session(session: Session) -> list[Reason]:
    """Return what stands against moving or removing one session of a class."""
    against = reasons_against_changing(session.delivery)
    if not against and session.held_on is not None:
        against = [Reason("held", _("This session was held."))]
    return against


def reasons_against_held(session: Session, *, now: datetime) -> list[Reason]:
    """Return the reason against calling a session held: it has not begun."""
    if session.starts_at <= now:
        return []
    sentence = _("The session begins on %(day)s: it cannot be held before.") % {
        "day": day_text(day_of(session))
    }
    url = session.get_absolute_url()
    return [Reason("not-begun", sentence, url, _("Open the class"))]


def day_of(session: Session) -> date:
    """Return the day of a session on its own clock."""
    return SessionTimes(session.starts_at, session.ends_at, session.zone).day


def reasons_of_sessions_not_held(sessions: Iterable[Session]) -> list[Reason]:
    """R-1: Active → Closed needs every session held that was not called off."""
    return [
        Reason(
            "session-not-held",
            _("The session of “%(title)s” on %(day)s is not held.")
            % {"title": session.delivery.title, "day": day_text(day_of(session))},
            f"{session.get_absolute_url()}#session-{session.pk}",
            _("Open the class"),
        )
        for session in sessions
    ]


def days_of(session: Session) -> list[date]:
    """R-22: return the days on which a session counts: past midnight both."""
    return SessionTimes(session.starts_at, session.ends_at, session.zone).days


def is_held(sessions: Iterable[Session]) -> bool:
    """Tell whether a class was held: it has sessions, and each of them was."""
    held = [session.held_on is not None for session in sessions]
    return bool(held) and all(held)


@dataclass(frozen=True)
class LinkState:
    """The state of a registration link in words, with the tone of its badge."""

    words: str
    tone: str


def link_state(step: Step | None, *, has_link: bool, now: datetime) -> LinkState:
    """R-11: say where the registration link stands: sent, late, due, or not there.

    R-20: one that went out before the class moved is to be sent again.
    """
    if step is None or step.state == StepState.NOT_APPLICABLE:
        return LinkState(_("not needed"), "neutral")
    if step.state == StepState.DONE:
        return LinkState(_("sent"), "good")
    if step.state == StepState.CANCELLED:
        return LinkState(_("called off"), "neutral")
    if step.due_at is not None and step.due_at <= now:
        return LinkState(_("late"), "bad")
    if step.again or step.late_by_design:
        return LinkState(urgent_words(step), "warn")
    if has_link:
        return LinkState(_("ready, not sent"), "info")
    return LinkState(_("not there yet"), "neutral")


def urgent_words(step: Step) -> str:
    """Say that a link is to be sent again, or at once, or both."""
    if not step.late_by_design:
        return _("to be sent again")
    if step.again:
        return _("late by design: send it again today")
    return _("late by design: send it today")
