"""What a move of a class means for the certification of its trainer (R-14)."""

from collections.abc import Iterable
from datetime import datetime

from training.move_notes import Note, register_move_notes
from training.services.moves import SessionPlan
from training.trainer_queries import last_day_in, last_day_of, warnings_for


def certification_notes(plan: SessionPlan, now: datetime) -> Iterable[Note]:
    """R-14: warn where the trainer is certified on the old last day, not on the new."""
    delivery = plan.delivery
    if delivery.trainer is None or not plan.times:
        return
    course, trainer = delivery.course, delivery.trainer
    new = warnings_for(course, trainer, last_day_in(plan.times))
    if new and not warnings_for(course, trainer, last_day_of(delivery)):
        yield from (Note(warning.sentence, "warn") for warning in new)


def register_trainer_notes() -> None:
    """Let moves of classes say what they mean for the trainer."""
    register_move_notes("trainer", certification_notes, order=40)
