"""What the schedule tells the places below it, in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from psdelivery.people.models import User
from scheduling.models import Allocation, ResourceRequest


@dataclass(frozen=True)
class BookedDays:
    """A booking as it stood at one moment: whose, how firm, hours by day."""

    person: User | None = None
    hold: str = ""
    days: Mapping[date, Decimal] = field(default_factory=dict)

    @property
    def hours(self) -> Decimal:
        return sum(self.days.values(), Decimal(0))


@dataclass(frozen=True, kw_only=True)
class AllocationChanged:
    """A booking was placed, changed or ended; `before` and `after` say how.

    Of a new booking `before` has no days, of one that ended `after` has none.
    """

    allocation: Allocation
    before: BookedDays
    after: BookedDays
    by: User | None
    now: datetime
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class DaysOverbooked:
    """R-6: a fact left days of a person with more hard hours than they have."""

    person: User
    days: tuple[date, ...]
    cause: str
    by: User | None
    now: datetime


@dataclass(frozen=True, kw_only=True)
class RequestMoved:
    """A resource request went from state `before` to the one that it has now."""

    asked: ResourceRequest
    before: str
    by: User | None
    reason: str
    now: datetime


@dataclass(frozen=True, kw_only=True)
class StoodIn:
    """Somebody took days of a person who cannot work; places below hand on the rest.

    `days` are those that were handed over; `allocation` is the new booking.
    """

    allocation: Allocation
    person: User
    other: User
    days: tuple[date, ...]
    by: User
    now: datetime
    reason: str = ""
