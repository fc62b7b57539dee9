"""What a request asks of one person, and how it fits into the hours of days.

Hours count in quarters, as whole numbers; days are those of the request's calendar.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from psdelivery.calendars import Calendar, is_working_day
from psdelivery.people.rules.hours import USUAL_DAY

QUARTERS = 4
# Quarters by the number of the day among the days that were asked for.
Plan = Mapping[int, int]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The days and hours of a request as it says them (hours in decimals)."""

    days: Sequence[date]
    any_days: int | None = None
    per_day: Decimal | None = None
    total: Decimal | None = None
    is_hard: bool = False
    person_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Demand:
    """Asks for `needed` of the days with `per_day` quarters each, `total` together.

    With `per_day` 0 the total is spread over the days as they are free.
    """

    days: tuple[date, ...]
    needed: int
    per_day: int
    total: int
    is_hard: bool = False
    person_id: int | None = None

    @property
    def is_spread(self) -> bool:
        return not self.per_day

    @property
    def takes_each_day(self) -> bool:
        """Whether every day asked for is wanted, none is to choose."""
        return not self.is_spread and self.needed == len(self.days)


def quarters(hours: Decimal) -> int:
    """Return hours as a number of quarters; what is less than one does not count."""
    return int(hours * QUARTERS)


def hours_of(count: int) -> Decimal:
    """Return quarters as hours."""
    return Decimal(count) / QUARTERS


def days_asked_for(days: Iterable[date], wanted: int, calendar: Calendar) -> list[date]:
    """Return the days that count: the working days, or all where those are too few.

    Who asks for a Saturday alone means the Saturday.
    """
    known = sorted(set(days))
    working = [day for day in known if is_working_day(day, calendar)]
    return working if len(working) >= max(wanted, 1) else known


def demand_of(asked: Asked, calendar: Calendar) -> Demand:
    """Return what is asked for in countable form.

    "Any n days" take n of them; hours in total are then the same on each, in quarters,
    the first ones longer where it does not come out even. Without hours it is a
    usual day each.
    """
    days = tuple(days_asked_for(asked.days, asked.any_days or 1, calendar))
    needed = min(asked.any_days or len(days), len(days))
    per_day, total = 0, quarters(asked.total or Decimal(0))
    if asked.total is None:
        per_day = quarters(asked.per_day or USUAL_DAY)
        total = per_day * needed
    elif asked.any_days is not None:
        # No day has less than a quarter.
        needed = min(needed, total)
        per_day = -(-total // needed) if needed else 0
    return Demand(
        days=days,
        needed=needed,
        per_day=per_day,
        total=total,
        is_hard=asked.is_hard,
        person_id=asked.person_id,
    )


def is_enough(demand: Demand, hours: Sequence[int]) -> bool:
    """Whether the demand fits into these quarters; `plan_for` says how."""
    if demand.is_spread:
        return 0 < demand.total <= sum(one for one in hours if one > 0)
    fitting = sum(one >= demand.per_day for one in hours)
    return fitting >= demand.needed > 0


def plan_for(demand: Demand, hours: Sequence[int]) -> Plan | None:
    """Return how the demand fits into what its days have; None where it does not.

    `hours` are the quarters of each day, in the order of the days. Of days to choose
    from the first that fit are taken.
    """
    if not is_enough(demand, hours):
        return None
    if demand.is_spread:
        return spread_over(demand.total, hours)
    return shared_evenly(demand, days_that_fit(demand, hours)[: demand.needed])


def days_that_fit(demand: Demand, hours: Sequence[int]) -> list[int]:
    """Return the numbers of the days that have the hours of a day."""
    return [number for number, one in enumerate(hours) if one >= demand.per_day]


def shared_evenly(demand: Demand, chosen: Sequence[int]) -> dict[int, int]:
    """Return the total over the chosen days, quarters that are over on the first."""
    each, more = divmod(demand.total, demand.needed)
    return {day: each + (n < more) for n, day in enumerate(sorted(chosen))}


def spread_over(total: int, hours: Sequence[int]) -> dict[int, int] | None:
    """Return the total spread over what is free; None where that is too little.

    As `rules.booking.spread` does with hours: the same on each day as far as it
    goes, the earlier days first where it does not come out even.
    """
    free = {number: one for number, one in enumerate(hours) if one > 0}
    if not 0 < total <= sum(free.values()):
        return None
    left, shares = total, dict.fromkeys(free, 0)
    while left > 0:
        open_days = [number for number in free if shares[number] < free[number]]
        share = max(left // len(open_days), 1)
        for number in open_days:
            given = min(share, free[number] - shares[number], left)
            shares[number] += given
            left -= given
    return {number: share for number, share in shares.items() if share}


def hours_by_day(days: Sequence[date], plan: Plan) -> dict[date, Decimal]:
    """Return a plan by its days, in hours."""
    return {days[number]: hours_of(share) for number, share in sorted(plan.items())}
