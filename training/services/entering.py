"""Enter a class, and book its trainer or ask for it, all or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from psdelivery.people.models import User
from scheduling.models import ResourceRequest
from training.choices import TrainerHold
from training.models import Delivery
from training.rules.times import SessionTimes
from training.services.asking import ask_for_trainer
from training.services.deliveries import plan_delivery
from training.services.trainer_bookings import book_trainer

BOOKED = frozenset({TrainerHold.SOFT, TrainerHold.HARD})


@dataclass(frozen=True)
class Entered:
    """The class, and the request for its trainer where one was drafted."""

    delivery: Delivery
    asked: ResourceRequest | None = None


@transaction.atomic
def enter_class(
    delivery: Delivery,
    times: Iterable[SessionTimes],
    *,
    platform: str,
    hold: str = TrainerHold.NONE,
    reason: str = "",
    by: User,
    now: datetime,
) -> Entered:
    """Enter a class and do with its trainer's days what was chosen.

    `reason` says why a trainer who is not certified teaches it (R-14). Raises
    RuleRefused as `plan_delivery`, `book_trainer` and `ask_for_trainer` do.
    """
    plan_delivery(delivery, times, platform=platform, reason=reason, by=by, now=now)
    if hold in BOOKED:
        book_trainer(delivery, hold, by=by, now=now)
    asked = None
    if hold == TrainerHold.ASK:
        asked = ask_for_trainer(delivery, by=by, now=now)
    return Entered(delivery, asked)
