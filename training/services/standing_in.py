"""A stand-in takes over a class with what is booked for it (domain.md, section 5)."""

from django.db import transaction
from django.utils.translation import gettext as _

from psdelivery.registry import RuleRefused
from scheduling.events import StoodIn
from training.models import Delivery, TrainerBooking
from training.services.deliveries import change_trainer
from training.services.trainer_bookings import (
    Following,
    follow_class,
    keep,
    teaching_days,
)


def hand_over_booking(delivery: Delivery, event: StoodIn) -> None:
    """Let the stand-in train the class; what was taken over is the class's booking.

    Nobody ill this morning waits for days to come: where the stand-in is not free on
    those, they stay as they are, and the page of the class says so.
    """
    keep_taken_over(delivery, event)
    delivery = change_trainer(
        delivery,
        event.other,
        by=event.by,
        # a stand-in is never refused; that somebody cannot work is a reason.
        reason=event.reason or _("Stands in for who cannot work."),
        books=False,
        now=event.now,
    )
    following = Following(
        by=event.by, now=event.now, reason=event.reason, cause="illness"
    )
    try:
        with transaction.atomic():
            follow_class(delivery, following)
    except RuleRefused:
        return


def keep_taken_over(delivery: Delivery, event: StoodIn) -> None:
    """Note that the stand-in's new booking is for this class, where one was."""
    if not TrainerBooking.objects.filter(delivery=delivery).exists():
        return
    if TrainerBooking.objects.filter(allocation=event.allocation).exists():
        return
    days = set(event.allocation.days.values_list("day", flat=True))
    keep(
        delivery, event.allocation, is_travel=not days & teaching_days(delivery).keys()
    )
