"""Facts of the schedule that other places read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from engagements.choices import Booking
from engagements.models import Engagement, TeamMember
from engagements.registry import facts


@dataclass(frozen=True)
class PlannedHours:
    """The hours planned on an engagement by role, committed and tentative."""

    hard: Mapping[str, Decimal] = field(default_factory=dict)
    soft: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def hard_total(self) -> Decimal:
        return sum(self.hard.values(), Decimal())

    @property
    def soft_total(self) -> Decimal:
        return sum(self.soft.values(), Decimal())


def planned_hours(members: Iterable[TeamMember]) -> PlannedHours:
    """Add up the hours of the team by role; what is not booked does not count."""
    by_booking: dict[str, dict[str, Decimal]] = {
        Booking.HARD: defaultdict(Decimal),
        Booking.SOFT: defaultdict(Decimal),
    }
    for member in members:
        if member.booking and member.hours:
            by_booking[member.booking][member.role] += member.hours
    return PlannedHours(
        hard=dict(by_booking[Booking.HARD]), soft=dict(by_booking[Booking.SOFT])
    )


def read_planned_hours(engagement: Engagement) -> PlannedHours:
    """Return the planned hours of an engagement."""
    return planned_hours(engagement.team.all())


def register_facts() -> None:
    """Let others read the planned hours."""
    facts.register(PlannedHours, read_planned_hours)
