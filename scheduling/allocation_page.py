"""What the page of a booking shows."""

from typing import Any

from psdelivery.access import Action
from psdelivery.history.queries import events_for_subject
from psdelivery.people.http import SignedInRequest
from scheduling.access import may_with_allocation
from scheduling.choices import Hold
from scheduling.first_day import off_plan_of
from scheduling.hold_access import may_extend
from scheduling.models import Allocation
from scheduling.queries.requests import open_questions_about

HISTORY_ROWS = 50
TONES = {"active": "good", "released": "done", "expired": "done"}


def allocation_context(request: SignedInRequest, booking: Allocation) -> dict[str, Any]:
    """Return what the page of a booking shows to this reader."""
    asks = may_with_allocation(request.user, booking, Action.RESOURCE_REQUEST)
    questions = open_questions_about(booking)
    is_soft = booking.is_active and booking.hold == Hold.SOFT
    return {
        "booking": booking,
        "tone": TONES[booking.state],
        "days": booking.days.all(),
        "questions": questions,
        "off_plan": off_plan_of(request.user, booking),
        "sees_money": may_with_allocation(request.user, booking, Action.MONEY_SEE),
        "may_book": may_with_allocation(request.user, booking, Action.BOOK),
        "may_extend": is_soft and may_extend(request.user, booking),
        "may_ask": asks and booking.is_active and not questions,
        "events": events_for_subject(booking)[:HISTORY_ROWS],
    }
