"""Facts of the schedule that other places read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Sum

from engagements.models import Engagement
from engagements.registry import facts
from scheduling.choices import Hold
from scheduling.models import Allocation


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


def planned_hours(engagement: Engagement) -> PlannedHours:
    """Add up the bookings that stand by role, unnamed ones too; one query.

    What was only offered does not count.
    """
    booked = Allocation.objects.booked().filter(engagement=engagement).order_by()
    sums = booked.values_list("hold", "role").annotate(total=Sum("hours"))
    found: dict[str, dict[str, Decimal]] = {Hold.HARD: {}, Hold.SOFT: {}}
    for hold, role, total in sums:
        found[hold][role] = total
    return PlannedHours(hard=found[Hold.HARD], soft=found[Hold.SOFT])


def register_facts() -> None:
    """Let others read the planned hours."""
    facts.register(PlannedHours, planned_hours)
