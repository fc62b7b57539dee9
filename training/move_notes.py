"""What else moves with a class, said before it is saved.

Steps are shown by the playbook engine. Each part of training says in sentences what
becomes of its own records: the window of the lab code, the booking of the trainer.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from training.models import Delivery
from training.services.moves import SessionPlan


@dataclass(frozen=True)
class Note:
    """A sentence of the list; `tone`: "info", "warn" or "bad"."""

    sentence: str
    tone: str = "info"


# (the sessions as they will be, now) -> what becomes of the part's own records.
MoveNotes = Callable[[SessionPlan, datetime], Iterable[Note]]
# (the class that is called off, now) -> the same.
CancelNotes = Callable[[Delivery, datetime], Iterable[Note]]

T = TypeVar("T")

_of_moves: dict[str, tuple[int, MoveNotes]] = {}
_of_cancelling: dict[str, tuple[int, CancelNotes]] = {}


def register_move_notes(key: str, notes: MoveNotes, *, order: int) -> None:
    """Let a part say what a move takes along; a second one of the key replaces."""
    _of_moves[key] = (order, notes)


def register_cancel_notes(key: str, notes: CancelNotes, *, order: int) -> None:
    """Let a part say what calling a class off takes along."""
    _of_cancelling[key] = (order, notes)


def notes_of_move(plan: SessionPlan, *, now: datetime) -> list[Note]:
    """R-20: return what the new dates of a class take along beside its steps."""
    return [note for notes in in_order(_of_moves) for note in notes(plan, now)]


def notes_of_cancelling(delivery: Delivery, *, now: datetime) -> list[Note]:
    """Return what ends with a class that is called off, beside its steps."""
    return [note for notes in in_order(_of_cancelling) for note in notes(delivery, now)]


def in_order(register: dict[str, tuple[int, T]]) -> list[T]:
    """Return the registered functions by their order, then by key."""
    entries = sorted((order, key) for key, (order, _notes) in register.items())
    return [register[key][1] for _order, key in entries]
