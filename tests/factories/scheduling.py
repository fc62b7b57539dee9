from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from engagements.choices import ForecastCategory
from psdelivery.people.choices import EngagementRole
from scheduling.choices import (
    ENDED_REQUEST_STATES,
    WAITING_STATES,
    Hold,
    RequestBall,
    RequestKind,
    RequestState,
)
from scheduling.models import RequestRange, ResourceRequest
from scheduling.services.bookings import Placement, place
from tests.factories.engagements import EngagementFactory, open_gate
from tests.factories.people import UserFactory

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
# A Monday, two weeks on.
MONDAY = date(2027, 3, 15)


def workdays(first=MONDAY, count=5, hours=8):
    """Hours on the working days of a Monday to Friday week, from a day on."""
    days, day = {}, first
    while len(days) < count:
        if day.weekday() < 5:
            days[day] = Decimal(str(hours))
        day += timedelta(days=1)
    return days


def startable(**fields):
    """An engagement whose gate is open, so that it can be booked soft and hard."""
    sure = {"opportunity_stage": 5, "forecast_category": ForecastCategory.COMMIT}
    return open_gate(EngagementFactory(**{**sure, **fields}), now=NOW)


def wanted(person=None, engagement=None, *, days=None, hold=Hold.SOFT, **fields):
    """What `place` takes: a week of eight hours, unless other days are given."""
    if person is None and not fields.get("unnamed"):
        person = UserFactory()
    return Placement(
        engagement=engagement or startable(),
        role=fields.pop("role", EngagementRole.PSE),
        person=person,
        hold=hold,
        days=workdays() if days is None else days,
        **fields,
    )


def booked(person=None, engagement=None, *, by=None, now=NOW, **fields):
    """A booking as the services place it."""
    return place(wanted(person, engagement, **fields), by=by, now=now)


def ball_of(state):
    """Who has the ball in a state, as the constraint of the table says."""
    if state in ENDED_REQUEST_STATES:
        return RequestBall.NOBODY
    return (
        RequestBall.COORDINATION if state in WAITING_STATES else RequestBall.REQUESTER
    )


def asked_for(engagement=None, *, requested_by=None, days=None, **fields):
    """A stored request for a week of eight hours, soft, unless said otherwise.

    It is written as it stands, without the services: no step, no mail.
    """
    state = fields.setdefault("state", RequestState.SUBMITTED)
    is_sent = state != RequestState.DRAFT
    fields = {
        "kind": RequestKind.ENGAGEMENT,
        "role": EngagementRole.PSE,
        "hours_per_day": Decimal(8),
        "created_at": NOW,
        "submitted_at": NOW if is_sent else None,
        "ball_with": ball_of(state),
        "ball_since": NOW,
        **fields,
    }
    if engagement is None and fields["kind"] != RequestKind.PLANNING:
        engagement = startable()
    asked = ResourceRequest.objects.create(
        engagement=engagement, requested_by=requested_by or UserFactory(), **fields
    )
    for first, last in days or [(MONDAY, MONDAY + timedelta(days=4))]:
        RequestRange.objects.create(request=asked, starts_on=first, ends_on=last)
    return asked
