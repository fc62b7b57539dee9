"""What the page of the trainer's booking shows: what is needed, and the ways out."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from scheduling.stand_ins import free_days
from training.booking_card import Booked, booked_for, rights_on, zone_of
from training.choices import Place, TrainerHold
from training.models import Delivery
from training.queries import trainers
from training.rules.trainer_days import Hours
from training.services.trainer_bookings import teaching_days, travel_days
from training.trainer_facts import full_days

SHOWN = 5


@dataclass(frozen=True)
class FreePerson:
    """Somebody who could teach instead: how many of the days they are free."""

    person: User
    free: int
    days: int


def booking_context(
    request: SignedInRequest, delivery: Delivery, *, now: datetime
) -> dict[str, Any]:
    """Return what the page shows; the people free only where the days are full."""
    teaching = coming(teaching_days(delivery), delivery, now)
    travel = coming(travel_days(delivery, teaching), delivery, now)
    booked = booked_for(delivery)
    held = {day: hours for one in booked for day, hours in one.days.items()}
    trainer = delivery.trainer
    full = full_days(trainer, {**travel, **teaching}, held) if trainer else []
    return {
        "delivery": delivery,
        "teaching": teaching.items(),
        "travel": travel.items(),
        "booked": booked,
        "full": full,
        "others": free_people(delivery, teaching) if full else [],
        "extra_day_url": extra_day_url(delivery),
        **rights_on(request.user, delivery),
    }


def coming(days: Hours, delivery: Delivery, now: datetime) -> dict[date, Decimal]:
    """Return the days from today on."""
    today = local_day(now, zone_of(delivery))
    return {day: hours for day, hours in days.items() if day >= today}


def free_people(delivery: Delivery, needed: Hours) -> list[FreePerson]:
    """Return who is free on most of the days, the trainer left out."""
    if not needed:
        return []
    others = [one for one in trainers().order_by("pk") if one != delivery.trainer]
    free = free_days(others, needed)
    found = [
        FreePerson(one, free[one.pk], len(needed)) for one in others if free[one.pk]
    ]
    found.sort(key=lambda one: (-one.free, one.person.display_name))
    return found[:SHOWN]


def extra_day_url(delivery: Delivery) -> str:
    """Return where an extra day of the trainer is asked for."""
    values = {"person": delivery.trainer_id, "engagement": delivery.engagement_id}
    return f"{reverse('scheduling:extra-day-add')}?{urlencode(values)}"


def first_values(delivery: Delivery, context: dict[str, Any]) -> dict[str, Any]:
    """Return how the days are booked now; without a booking, hard is proposed."""
    booked: list[Booked] = context["booked"]
    teaching = next((one for one in booked if not one.is_travel), None)
    is_on_site = delivery.place == Place.ON_SITE
    travels = any(one.is_travel for one in booked) or (is_on_site and not booked)
    hold = teaching.allocation.hold if teaching else TrainerHold.HARD
    return {"hold": hold, "travels": travels}
