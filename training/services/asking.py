"""Ask coordination for the trainer of a class: who plans it may not always book."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from engagements.choices import Booking
from engagements.queries import gate_for
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.registry import refuse
from scheduling.choices import RequestKind
from scheduling.models import ResourceRequest
from scheduling.rules.requests import MOST_RANGES, Range
from scheduling.services.requests import Wish, save_request
from training.models import Delivery
from training.services.trainer_bookings import (
    reasons_against_booking_trainer,
    teaching_days,
    travel_days,
)

ONE_DAY = timedelta(days=1)


def ask_for_trainer(delivery: Delivery, *, by: User, now: datetime) -> ResourceRequest:
    """Draft the request for the trainer's days to come; the planner sends it.

    Hard once the gate is open, soft before. Raises RuleRefused without a trainer, and
    for days on which they do not work.
    """
    refuse(reasons_against_booking_trainer(delivery))
    assert delivery.trainer is not None, "refused above"  # noqa: S101 (types)
    teaching = teaching_days(delivery)
    days = {**travel_days(delivery, teaching), **teaching}
    today = local_day(now, delivery.trainer.zone)
    coming = {day: hours for day, hours in days.items() if day >= today}
    ranges, any_days = ranges_of(coming)
    is_open = gate_for(delivery.engagement, now).is_open
    asked = ResourceRequest(
        kind=RequestKind.ENGAGEMENT,
        engagement=delivery.engagement,
        role=EngagementRole.TRAINER,
        person=delivery.trainer,
        booking=Booking.HARD if is_open else Booking.SOFT,
        hours_total=sum(coming.values(), Decimal(0)) or None,
        any_days=any_days,
        place=delivery.place,
        language=delivery.language,
        zone=delivery.engagement.customer.zone,
        note=_("For the class “%(class)s”.") % {"class": delivery.title},
        requested_by=by,
    )
    return save_request(asked, Wish(ranges=ranges), by=by, now=now)


def ranges_of(days: Iterable[date]) -> tuple[list[Range], int | None]:
    """Return days as ranges; too many of them as one, with how many of its days."""
    found: list[Range] = []
    known = sorted(days)
    for day in known:
        if found and day - found[-1][1] == ONE_DAY:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    if len(found) <= MOST_RANGES:
        return found, None
    return [(known[0], known[-1])], len(known)
