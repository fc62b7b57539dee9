"""Hours that were sold, planned and worked, and what is left of them.

The schedule keeps the hours; it tells them as `WorkedHours` (domain.md, section 4).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

NOTHING = Decimal()


@dataclass(frozen=True)
class WeekOfHours:
    """The hours of one week: what was planned, what waits, what is approved.

    `ends_on` is the day on which the week ends. `planned` are the hard bookings.
    """

    ends_on: date
    planned: Decimal = NOTHING
    waiting: Decimal = NOTHING
    approved: Decimal = NOTHING

    @property
    def worked(self) -> Decimal:
        """Return what was worked, whether or not it is approved yet."""
        return self.waiting + self.approved


@dataclass(frozen=True)
class WorkedHours:
    """What was planned and worked on an engagement, week by week, oldest first.

    `is_imported` says that the PSA system counts; `covered_until` is then the last day
    that an import has told of, and imported hours count as approved (R-17).
    """

    weeks: tuple[WeekOfHours, ...] = ()
    is_imported: bool = False
    covered_until: date | None = None
    # Not billable until somebody releases it.
    to_release: Decimal = NOTHING

    @property
    def approved(self) -> Decimal:
        return sum((week.approved for week in self.weeks), NOTHING)

    @property
    def waiting(self) -> Decimal:
        return sum((week.waiting for week in self.weeks), NOTHING)

    @property
    def worked(self) -> Decimal:
        return self.approved + self.waiting

    def planned_after(self, day: date) -> Decimal:
        """Return the hours booked hard in weeks that end after this day."""
        later = (week.planned for week in self.weeks if week.ends_on > day)
        return sum(later, NOTHING)
