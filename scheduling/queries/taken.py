"""What else is booked on somebody on the days that a booking would take."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from psdelivery.people.models import User
from scheduling.models import Allocation, AllocationDay


@dataclass(frozen=True)
class Taken:
    """A booking in the way, and the days on which it is."""

    allocation: Allocation
    days: list[date]

    @property
    def first(self) -> date:
        return min(self.days)

    @property
    def last(self) -> date:
        return max(self.days)


def taken_on(
    person: User,
    days: Iterable[date],
    *,
    holds: Collection[str],
    without: Allocation | None = None,
) -> list[Taken]:
    """Return the bookings of a person on these days, the first ones first; one query.

    `holds`: how firm those are that count; `without`: the booking that is moved.
    """
    rows = AllocationDay.objects.filter(
        person=person, day__in=list(days), hold__in=holds
    )
    if without is not None:
        rows = rows.exclude(allocation=without)
    found: dict[int, list[AllocationDay]] = defaultdict(list)
    needs = ("allocation__engagement__customer", "allocation__request")
    for row in rows.select_related(*needs).order_by("day", "pk"):
        found[row.allocation_id].append(row)
    return [
        Taken(rows[0].allocation, [row.day for row in rows]) for rows in found.values()
    ]
