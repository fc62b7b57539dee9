"""From what is wanted to the hours of each day; booking asks R-6 again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from psdelivery.calendars import Calendar, is_working_day
from psdelivery.people.moments import day_text
from psdelivery.people.rules.hours import LONGEST_DAY
from psdelivery.registry import Reason
from scheduling.choices import DayOff
from scheduling.rules.board import DayLoad
from scheduling.rules.booking import spread
from scheduling.rules.capacity import NOTHING

# What one works on a day of which nothing else is known.
USUAL_DAY = Decimal(8)
# Nobody is asked to work on these; being away is told instead of passed over.
NEVER = frozenset({DayOff.WEEKEND, DayOff.HOLIDAY, DayOff.LEFT})


@dataclass(frozen=True, kw_only=True)
class WantedHours:
    """Hours per day, or in total; of the days only so many, where that is said."""

    per_day: Decimal | None = None
    total: Decimal | None = None
    any_days: int | None = None


@dataclass(frozen=True)
class Plan:
    """The hours of each day, and what stands against them."""

    days: Mapping[date, Decimal] = field(default_factory=dict)
    reasons: Sequence[Reason] = ()

    @property
    def hours(self) -> Decimal:
        return sum(self.days.values(), NOTHING)


def plan_for_person(
    days: Iterable[date],
    loads: Mapping[date, DayLoad],
    wanted: WantedHours,
    *,
    is_hard: bool,
) -> Plan:
    """Return how the hours lie on the days of a person.

    Weekends and public holidays are left out. Hours in total go where there is room:
    first beside everything, then over soft holds, and soft ones beyond that.
    """
    possible = [day for day in days if loads[day].off not in NEVER]
    if not possible:
        sentence = _("Nobody works on these days: weekends or public holidays.")
        return Plan(reasons=[Reason("no-working-day", sentence)])
    chosen = best_days(possible, loads, wanted.any_days)
    if wanted.per_day is not None:
        return Plan(dict.fromkeys(chosen, wanted.per_day))
    total = wanted.total or NOTHING
    given = fill(total, [free_of_all(chosen, loads), free_of_hard(chosen, loads)])
    if sum(given.values(), NOTHING) < total and not is_hard:
        given = spread(total, {day: loads[day].capacity for day in chosen})
    return Plan(given, reasons_of_room(total, given, chosen, loads))


def plan_for_nobody(
    days: Iterable[date], wanted: WantedHours, calendar: Calendar
) -> Plan:
    """Return how the hours lie where nobody of ours is named: working days, evenly."""
    possible = [day for day in days if is_working_day(day, calendar)]
    if not possible:
        sentence = _("All of these days are weekends or public holidays.")
        return Plan(reasons=[Reason("no-working-day", sentence)])
    chosen = possible[: wanted.any_days or len(possible)]
    if wanted.per_day is not None:
        return Plan(dict.fromkeys(chosen, wanted.per_day))
    total = wanted.total or NOTHING
    most = USUAL_DAY if total <= USUAL_DAY * len(chosen) else LONGEST_DAY
    given = spread(total, dict.fromkeys(chosen, most))
    loads = {day: DayLoad(LONGEST_DAY) for day in chosen}
    return Plan(given, reasons_of_room(total, given, chosen, loads))


def best_days(
    days: Sequence[date], loads: Mapping[date, DayLoad], count: int | None
) -> list[date]:
    """Return the days with most room, the earlier first where equal; all of them."""
    if count is None or count >= len(days):
        return list(days)
    roomy = sorted(days, key=lambda day: (-room(loads[day]), day))
    return sorted(roomy[:count])


def room(load: DayLoad) -> Decimal:
    """Return the hours that are free beside hard and soft bookings."""
    return max(load.capacity - load.hard - load.soft, NOTHING)


def free_of_all(
    days: Iterable[date], loads: Mapping[date, DayLoad]
) -> dict[date, Decimal]:
    """Return the hours that nothing is booked on."""
    return {day: room(loads[day]) for day in days}


def free_of_hard(
    days: Iterable[date], loads: Mapping[date, DayLoad]
) -> dict[date, Decimal]:
    """Return the hours that are not booked hard."""
    return {day: max(loads[day].capacity - loads[day].hard, NOTHING) for day in days}


def fill(
    total: Decimal, levels: Sequence[Mapping[date, Decimal]]
) -> dict[date, Decimal]:
    """Spread hours over the first level, and what stays over on those that follow.

    A level says what a day has when what the levels before it took counts as taken.
    """
    given: dict[date, Decimal] = {}
    for level in levels:
        left = total - sum(given.values(), NOTHING)
        more = {day: free - given.get(day, NOTHING) for day, free in level.items()}
        for day, hours in spread(left, more).items():
            given[day] = given.get(day, NOTHING) + hours
    return given


def reasons_of_room(
    total: Decimal,
    given: Mapping[date, Decimal],
    days: Sequence[date],
    loads: Mapping[date, DayLoad],
) -> list[Reason]:
    """Say that the hours do not fit, and on which days what stands in the way."""
    fits = sum(given.values(), NOTHING)
    if fits >= total:
        return []
    sentence = _("Only %(fits)s of %(total)s hours fit into these days.")
    words = {"fits": f"{fits.normalize():f}", "total": f"{total.normalize():f}"}
    tight = [day for day in days if free_of_hard([day], loads)[day] < USUAL_DAY]
    told = [reason_of_day(day, loads[day]) for day in tight]
    return [Reason("hours-many", sentence % words), *told]


def reason_of_day(day: date, load: DayLoad) -> Reason:
    """Say what a day has left, and why it has no more."""
    words = {
        "day": day_text(day),
        "free": f"{max(load.capacity - load.hard, NOTHING).normalize():f}",
        "capacity": f"{load.capacity.normalize():f}",
    }
    if load.off:
        off = DayOff(load.off).label
        return Reason("tight", _("%(day)s: %(off)s.") % {**words, "off": off})
    sentence = _("%(day)s: %(free)s of %(capacity)s hours are free.")
    return Reason("tight", sentence % words)


def exceeded_days(
    plan: Mapping[date, Decimal], loads: Mapping[date, DayLoad]
) -> list[date]:
    """R-6: return the days that get more than they have when soft counts too.

    Soft may exceed, and so may hard beside soft: that is told, with the others named.
    """
    return [
        day
        for day, hours in sorted(plan.items())
        if hours + loads[day].hard + loads[day].soft > loads[day].capacity
    ]


def warning_of_exceeding(day: date, load: DayLoad, others: Sequence[str]) -> str:
    """R-6: say that a day is asked for more than it has, and by whom else."""
    words = {
        "day": day_text(day),
        "capacity": f"{load.capacity.normalize():f}",
        "others": ", ".join(others),
    }
    if load.off:
        off = DayOff(load.off).label
        return _("%(day)s: %(off)s.") % {**words, "off": off}
    if not others:
        return _("%(day)s has only %(capacity)s hours.") % words
    return _("%(day)s has %(capacity)s hours, also booked: %(others)s.") % words
