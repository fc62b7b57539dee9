"""What the playbook engine tells the places below it, in the same transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from psdelivery.people.models import User
from psdelivery.playbooks.models import Checklist, Move, Step
from psdelivery.registry import reactions


@dataclass(frozen=True)
class AnchorMoved:
    """An anchor was set for the first time, moved, or lost its date."""

    checklist: Checklist
    key: str
    old: date | datetime | None
    new: date | datetime | None
    by: User | None
    now: datetime


@dataclass(frozen=True)
class StepCompleted:
    step: Step
    happened_on: date | None
    by: User | None
    now: datetime


@dataclass(frozen=True)
class StepReopened:
    step: Step
    by: User | None
    now: datetime


@dataclass(frozen=True)
class DatesMoved:
    """R-20: dates were moved together; mail that this causes waits (`leaves_at`)."""

    move: Move
    by: User | None
    now: datetime


@dataclass(frozen=True)
class MoveUndone:
    """R-20: a move was taken back; what it caused and has not left is not wanted."""

    move: Move
    by: User | None
    now: datetime


@dataclass(frozen=True)
class StepSetAside:
    """A step was marked as not applicable; a reaction may refuse it (RuleRefused)."""

    step: Step
    by: User
    now: datetime


@dataclass(frozen=True)
class StepsChanged:
    """Steps of an engagement came, went, were settled, or got other dates or owners."""

    engagement_id: int
    now: datetime


def tell_changed(engagement_ids: Iterable[int | None], now: datetime) -> None:
    """Tell that steps of these engagements changed; others' steps are nobody's ball."""
    for pk in sorted({pk for pk in engagement_ids if pk is not None}):
        reactions.publish(StepsChanged(engagement_id=pk, now=now))
