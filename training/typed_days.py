"""The days that a form of sessions says so far."""

from datetime import date

from engagements.models import Engagement
from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from training.forms.sessions import MOST_SESSIONS


def last_day_meant(
    request: SignedInRequest, engagement: Engagement, prefix: str = "sessions"
) -> date:
    """The last day that is typed so far; before that the wished start, or today (R-14).

    Only for what the choice of the trainer says: what counts are the sessions.
    """
    names = (f"{prefix}-{number}-day" for number in range(MOST_SESSIONS))
    days = [parsed_day(request.POST.get(name, "")) for name in names]
    typed = [day for day in days if day is not None]
    wished = engagement.wished_start
    return max(typed, default=wished or clock.today(engagement.customer.zone))


def parsed_day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
