"""What is booked of the trainer for a class, and where that contradicts the class.

The schedule may change a booking on its own: on the board, by an illness, by its
expiry. The class says so, and goes on.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from engagements.access import may
from psdelivery.access import Action
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from scheduling.models import Allocation, AllocationDay
from training.choices import DeliveryState
from training.class_tabs import ClassCard, register_card
from training.models import Delivery, TrainerBooking
from training.rules.classes import reasons_against_changing
from training.rules.trainer_days import days_words, to_spare, uncovered
from training.services.trainer_bookings import teaching_hours

OVER = frozenset({DeliveryState.CANCELLED, DeliveryState.HELD})


@dataclass
class Booked:
    """A booking of the class with its hours by day."""

    allocation: Allocation
    is_travel: bool
    days: dict[date, Decimal] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return days_words(sorted(self.days))


def booked_for(delivery: Delivery) -> list[Booked]:
    """Return the bookings of the class that stand, with their days (one query)."""
    rows = AllocationDay.objects.filter(
        allocation__trainer_booking__delivery=delivery
    ).select_related("allocation__person", "allocation__trainer_booking")
    found: dict[int, Booked] = {}
    for row in rows.order_by("allocation_id", "day"):
        booking = row.allocation.trainer_booking
        known = found.setdefault(
            row.allocation_id, Booked(row.allocation, booking.is_travel)
        )
        known.days[row.day] = row.hours
    return list(found.values())


def contradictions(
    delivery: Delivery,
    booked: Sequence[Booked],
    needed: Mapping[date, Decimal],
    *,
    today: date,
) -> list[str]:
    """Say where bookings and class differ; days that are over are left alone.

    Pure. `needed` are the hours that the class takes, by the trainer's days.
    """
    found = [
        _("%(days)s: booked for %(person)s, who does not teach this class.")
        % {"days": one.words, "person": one.allocation.who}
        for one in booked
        if one.allocation.person_id != delivery.trainer_id
    ]
    teaching: dict[date, Decimal] = defaultdict(Decimal)
    for one in booked:
        if one.allocation.person_id == delivery.trainer_id and not one.is_travel:
            for day, hours in one.days.items():
                teaching[day] += hours
    coming = {day: hours for day, hours in needed.items() if day >= today}
    lacking = uncovered(coming, teaching)
    if lacking:
        sentence = _("The booking does not cover %(days)s.")
        found.append(sentence % {"days": days_words(lacking)})
    spare = [day for day in to_spare(needed, teaching) if day >= today]
    if spare:
        sentence = _("Booked too, though the class does not meet: %(days)s.")
        found.append(sentence % {"days": days_words(spare)})
    return found


def booking_card(
    request: SignedInRequest, delivery: Delivery, now: datetime
) -> dict[str, Any] | None:
    """Return what the card of the trainer's booking shows (two queries)."""
    if delivery.state in OVER:
        return None
    booked = booked_for(delivery)
    warnings = (
        contradictions(
            delivery,
            booked,
            teaching_hours(delivery, delivery.sessions.all()),
            today=local_day(now, zone_of(delivery)),
        )
        if booked
        else warnings_of_ended(delivery)
    )
    rights = rights_on(request.user, delivery)
    return {"booked": booked, "warnings": warnings, "delivery": delivery, **rights}


def warnings_of_ended(delivery: Delivery) -> list[str]:
    """Say why nothing is booked any more, where something was (one query)."""
    bookings = TrainerBooking.objects.filter(delivery=delivery, is_travel=False)
    last = bookings.select_related("allocation").order_by("-pk").first()
    if last is None:
        return []
    reason = last.allocation.end_reason
    sentence = _("The booking has ended: %(reason)s") if reason else _("It has ended.")
    return [sentence % {"reason": reason}]


def zone_of(delivery: Delivery) -> str:
    """Return the clock on which the days of the booking are."""
    trainer = delivery.trainer
    return trainer.zone if trainer else delivery.engagement.customer.zone


def rights_on(user: User, delivery: Delivery) -> dict[str, bool]:
    """Return whether the reader may book, or ask coordination to."""
    is_on = not reasons_against_changing(delivery)
    if not is_on or may(user, Action.BOOK, delivery.engagement):
        return {"may_book": is_on, "may_ask": False}
    may_ask = may(user, Action.RESOURCE_REQUEST, delivery.engagement)
    return {"may_book": False, "may_ask": may_ask}


def register_booking_card() -> None:
    """Show the trainer's booking on the page of the class."""
    template = "training/dates/_booking_card.html"
    register_card(ClassCard("trainer-booking", template, 20, booking_card))
