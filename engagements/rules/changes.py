"""What stands against a change order or exception, and how many units are left."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from engagements.choices import ChangeKind, UnitKind
from engagements.models import Change
from psdelivery.registry import Reason

WORTH = frozenset({ChangeKind.SCOPE, ChangeKind.EXTENSION})


def reasons_against_request(change: Change) -> list[Reason]:
    """Return what a change order or exception lacks before somebody decides it.

    domain.md, section 1: dates change no value; scope and extension do; a work
    exception says how many hours more and what went over.
    """
    checks = [
        (
            "end-missing",
            change.kind in {ChangeKind.DATES, ChangeKind.EXTENSION}
            and change.new_end is None,
            _("Name the new end."),
        ),
        (
            "value-of-dates",
            change.value is not None and change.kind not in WORTH,
            _("Only scope and extension change the value."),
        ),
        (
            "hours-missing",
            not change.is_order and not change.hours,
            _("Say how many hours more."),
        ),
        (
            "label-missing",
            not change.is_order and not change.label,
            _("Say what made it go over."),
        ),
        (
            "nothing-changes",
            change.kind == ChangeKind.SCOPE and not (change.hours or change.value),
            _("Say what it changes: hours, or value."),
        ),
    ]
    return [Reason(code, words) for code, holds, words in checks if holds]


def reasons_against_approval(change: Change) -> list[Reason]:
    """Return what stands against approving: it was decided, or the customer's word.

    A change order changes what was sold, so the customer's signature or written yes
    is on file before it counts; a work exception is a matter of the house.
    """
    if not change.is_waiting:
        sentence = _("This was decided already: %(state)s.")
        words = {"state": change.get_state_display()}
        return [Reason("decided", sentence % words)]
    if change.is_order and change.evidence_id is None:
        sentence = _("The customer's signature or written yes is not on file.")
        return [Reason("evidence-missing", sentence)]
    return []


@dataclass(frozen=True)
class Units:
    """Sold units of one kind, and what became of them."""

    kind: UnitKind
    sold: int
    dated: int
    held: int
    # Counted by another place, so that nobody types it.
    is_counted: bool = False

    @property
    def left(self) -> int:
        """Return how many have no date yet; never less than none."""
        return max(0, self.sold - self.dated)


@dataclass(frozen=True)
class UsedUnits:
    """A fact of the places below: how many units they have dated and held, by kind."""

    dated: dict[str, int]
    held: dict[str, int]


def units_left(units: list[Units]) -> int:
    """Return how many units of all kinds have no date yet."""
    return sum(one.left for one in units)


def days_to_use(use_by: date | None, today: date) -> int | None:
    """Return how many days are left to use the units; negative once they are lost."""
    return None if use_by is None else (use_by - today).days
