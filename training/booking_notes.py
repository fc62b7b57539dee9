"""What becomes of the trainer's booking when a class moves, said before it is saved."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from training.booking_card import booked_for
from training.models import Delivery
from training.move_notes import Note, register_cancel_notes, register_move_notes
from training.rules.trainer_days import days_words, hours_by_day
from training.services.moves import SessionPlan
from training.trainer_facts import full_days


def notes_of_move(plan: SessionPlan, now: datetime) -> Iterable[Note]:
    """Say where the trainer's booking goes, and what speaks against it (R-6, R-22)."""
    delivery, trainer = plan.delivery, plan.delivery.trainer
    if trainer is None:
        return
    booked = [one for one in booked_for(delivery) if not one.is_travel]
    if not booked:
        return
    needed = hours_by_day(plan.times, trainer.zone)
    words = {"trainer": trainer, "days": days_words(needed)}
    yield Note(_("The booking of %(trainer)s moves along: %(days)s.") % words)
    held = {day: hours for one in booked for day, hours in one.days.items()}
    for sentence in full_days(trainer, needed, held):
        yield Note(sentence, "warn")


def notes_of_cancelling(delivery: Delivery, now: datetime) -> Iterable[Note]:
    """Say that the trainer's days are free again."""
    for one in booked_for(delivery):
        words = {"person": one.allocation.who, "days": one.words}
        yield Note(_("The booking of %(person)s is released: %(days)s.") % words)


def register_booking_notes() -> None:
    """Let moves of classes say what is booked for them."""
    register_move_notes("trainer-booking", notes_of_move, order=30)
    register_cancel_notes("trainer-booking", notes_of_cancelling, order=30)
