"""What could become of the days of a conflict: other days, other people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from psdelivery.people.moments import day_text, local_day
from scheduling.models import ConflictCase
from scheduling.rules.conflicts import made_up
from scheduling.services.capacity import free_hours
from scheduling.services.resolving import Taken

# A quarter of a year is as far as anybody postpones a day.
AHEAD = timedelta(days=90)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class OtherDays:
    """Days of the same person that make up for those that are gone, by booking."""

    days: Mapping[int, Mapping[date, Decimal]]

    @property
    def first(self) -> date | None:
        return min((day for days in self.days.values() for day in days), default=None)

    @property
    def is_complete(self) -> bool:
        return bool(self.days) and all(self.days.values())

    @property
    def words(self) -> str:
        chosen = sorted({day for days in self.days.values() for day in days})
        return ", ".join(day_text(day) for day in chosen)


def other_days(
    case: ConflictCase,
    taken: Sequence[Taken],
    now: datetime,
    *,
    start: date | None = None,
) -> OtherDays:
    """Return the next days after the conflict, or from a day on, with the hours."""
    today = local_day(now, case.person.zone)
    first = max(start or case.ends_on + ONE_DAY, today + ONE_DAY)
    free = free_hours(case.person, first, first + AHEAD)
    gone = {one.allocation.pk: one.days for one in taken}
    return OtherDays(made_up(gone, free))
