"""What may be done with a planning meeting (domain.md, section 5).

Pure: no database, no clock, no request.
"""

from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext as _

from psdelivery.registry import Reason
from training.choices import DeliveryState, MeetingAnswer
from training.models import Delivery, PlanningMeeting

OVER = frozenset({DeliveryState.CANCELLED, DeliveryState.HELD})


def reasons_against_classes(
    deliveries: Collection[Delivery], planned: Iterable[PlanningMeeting]
) -> list[Reason]:
    """Return what stands against planning these classes in one meeting.

    `planned` are the meetings that stand for one of them already, others than the one
    at hand: a class is planned once.
    """
    reasons = []
    if not deliveries:
        reasons.append(Reason("classes", _("Choose the classes that are planned.")))
    for delivery in deliveries:
        if delivery.state in OVER:
            sentence = _("“%(class)s” is %(state)s: it is not planned any more.")
            words = {"class": delivery, "state": delivery.get_state_display()}
            reasons.append(Reason("classes", sentence % words))
    for meeting in planned:
        sentence = _("One of these classes has a planning meeting already.")
        url = meeting.get_absolute_url()
        reasons.append(Reason("classes", sentence, url, _("Open the meeting")))
    return reasons


def reasons_against_changing_meeting(meeting: PlanningMeeting) -> list[Reason]:
    """Return the reason against changing a meeting: it was called off, or was held."""
    url = meeting.get_absolute_url()
    if meeting.cancelled_at is not None:
        return [Reason("cancelled", _("This meeting was called off."), url)]
    if meeting.held_on is not None:
        return [Reason("held", _("This meeting was held."), url)]
    return []


def reasons_against_answer(answer: str, words: str) -> list[Reason]:
    """Return what an answer lacks: who asks to move it says when it would suit."""
    if answer == MeetingAnswer.WAITING:
        return [Reason("answer", _("Say whether you come."))]
    if answer == MeetingAnswer.MOVE and not words.strip():
        return [Reason("words", _("Say when it would suit you."))]
    return []


def reasons_against_having_held(held_on: date, *, today: date) -> list[Reason]:
    """Return the reason against a day on which it cannot have been held yet."""
    if held_on <= today:
        return []
    return [Reason("held_on", _("This day is still to come."))]


def reasons_of_time(is_moved: bool, reason: str) -> list[Reason]:
    """R-20: who moves a meeting says why."""
    if not is_moved or reason.strip():
        return []
    return [Reason("reason-missing", _("Say why it moves: everybody is told."))]
