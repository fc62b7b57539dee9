"""Who fits a request, and in which order they are proposed (domain.md, section 3).

Pure: plain data in, plain data out. Hours are in quarters, as whole numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from scheduling.rules.demand import Demand, Plan, days_that_fit, plan_for

DAY_OPENS, DAY_CLOSES = 9, 17
MINUTES = 60
USUAL_QUARTERS = 32


@dataclass(frozen=True)
class Known:
    """How well somebody does something, and whether somebody else says so too."""

    level: int
    is_confirmed: bool = False
    wants_to_grow: bool = False

    def reaches(self, level: int, *, confirmed: bool) -> bool:
        return self.level >= level and (self.is_confirmed or not confirmed)


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody whose role fits and who works here; skills by the id of the skill.

    `utilisation` is the share of their hours that is booked hard, in percent.
    """

    pk: int
    name: str
    zone: str
    region_id: int | None = None
    skills: Mapping[int, Known] = field(default_factory=dict)
    knows_customer: bool = False
    utilisation: int = 0


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What candidates must have. Levels by skill; any of the languages will do.

    `overlap` is how many hours of a working day in `zone` must be theirs too.
    """

    levels: Mapping[int, int] = field(default_factory=dict)
    only_confirmed: bool = True
    languages: frozenset[int] = frozenset()
    region_id: int | None = None
    zone: str = ""
    overlap: int = 0


@dataclass(frozen=True)
class Hours:
    """What each day asked for has: without hard bookings, and without any at all."""

    free: Sequence[int]
    clear: Sequence[int]

    def for_demand(self, demand: Demand) -> Sequence[int]:
        """R-6 counts hard bookings; what is only soft keeps out of the way of all."""
        return self.free if demand.is_hard else self.clear


@dataclass(frozen=True)
class Fit:
    """How much of what is asked for somebody has: days, and hours in quarters."""

    days: int
    hours: int
    moved: int


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody with what decides about the order."""

    colleague: Colleague
    hours: Hours
    fit: Fit
    surplus: int
    is_asked_for: bool
    held_days: int

    @property
    def pk(self) -> int:
        return self.colleague.pk

    @property
    def fits(self) -> bool:
        return not self.fit.moved

    @property
    def order(self) -> tuple[int, bool, int, int, str, int]:
        """Fewest days moved, same person, skill surplus, utilisation, name."""
        return (
            self.fit.moved,
            not self.is_asked_for,
            -self.surplus,
            self.colleague.utilisation,
            self.colleague.name.casefold(),
            self.pk,
        )


def candidates(
    demand: Demand,
    colleagues: Iterable[Colleague],
    hours: Mapping[int, Hours],
    filters: Filters,
) -> list[Candidate]:
    """Return who can be proposed, the best first.

    Whoever was asked for by name stands among them even where a filter speaks
    against it: the requester knows why.
    """
    found = [
        candidate_of(demand, one, hours[one.pk], filters)
        for one in colleagues
        if one.pk == demand.person_id or passes(one, filters, demand.days)
    ]
    return sorted(found, key=lambda one: one.order)


def candidate_of(
    demand: Demand, colleague: Colleague, hours: Hours, filters: Filters
) -> Candidate:
    """Return somebody with fit and surplus."""
    return Candidate(
        colleague=colleague,
        hours=hours,
        fit=fit_of(demand, hours.for_demand(demand)),
        surplus=surplus_of(colleague, filters.levels),
        is_asked_for=colleague.pk == demand.person_id,
        held_days=days_held(demand, hours),
    )


def passes(colleague: Colleague, filters: Filters, days: Sequence[date]) -> bool:
    """Whether somebody has skills, language, region and common hours as wanted."""
    if filters.region_id and colleague.region_id != filters.region_id:
        return False
    return (
        has_levels(colleague, filters)
        and speaks(colleague, filters)
        and is_awake_with(colleague, filters, days)
    )


def has_levels(colleague: Colleague, filters: Filters) -> bool:
    """Whether each skill is there at its level, confirmed where that is wanted."""
    return all(
        skill in colleague.skills
        and colleague.skills[skill].reaches(level, confirmed=filters.only_confirmed)
        for skill, level in filters.levels.items()
    )


def speaks(colleague: Colleague, filters: Filters) -> bool:
    """Whether one of the languages is among the skills, at any level."""
    return not filters.languages or bool(filters.languages & set(colleague.skills))


def is_awake_with(colleague: Colleague, filters: Filters, days: Sequence[date]) -> bool:
    """Whether enough of the working day in the zone is a working day there too."""
    if not (filters.zone and filters.overlap and days):
        return True
    common = minutes_in_common(filters.zone, colleague.zone, days[0])
    return common >= filters.overlap * MINUTES


@lru_cache(maxsize=4096)
def minutes_in_common(zone: str, other: str, day: date) -> int:
    """Return how many minutes of 09:00–17:00 in one zone are that in the other too.

    On this day: clocks change at different times. Across the date line the nearest
    working days count.
    """
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    offsets = [noon.astimezone(ZoneInfo(one)).utcoffset() for one in (zone, other)]
    apart = sum(
        int(one.total_seconds()) // MINUTES * sign
        for one, sign in zip(offsets, (1, -1), strict=True)
        if one is not None
    )
    whole = (DAY_CLOSES - DAY_OPENS) * MINUTES
    return max(0, *(whole - abs(apart + turn * 24 * MINUTES) for turn in (-1, 0, 1)))


def surplus_of(colleague: Colleague, levels: Mapping[int, int]) -> int:
    """Return the levels that somebody has above what is wanted, all skills together.

    What is missing counts against it.
    """
    return sum(
        (colleague.skills[skill].level if skill in colleague.skills else 0) - level
        for skill, level in levels.items()
    )


def fit_of(demand: Demand, hours: Sequence[int]) -> Fit:
    """Return how many days and hours fit, and how many days would have to move.

    Of hours in total, each eight that are missing are a day.
    """
    if demand.is_spread:
        open_hours = sum(one for one in hours if one > 0)
        missing = max(demand.total - open_hours, 0)
        moved = -(-missing // USUAL_QUARTERS)
        days = sum(one > 0 for one in hours)
        return Fit(days, min(open_hours, demand.total), moved)
    days = len(days_that_fit(demand, hours))
    counted = min(days, demand.needed)
    return Fit(days, counted * demand.per_day, demand.needed - counted)


def days_held(demand: Demand, hours: Hours) -> int:
    """Return on how many days only a soft hold or an offer stands in the way."""
    least = demand.per_day or 1
    pairs = zip(hours.free, hours.clear, strict=True)
    return sum(clear < least <= free for free, clear in pairs)


def plan_of(demand: Demand, candidate: Candidate) -> Plan | None:
    """Return the days as asked for, without what anybody holds; None where not."""
    return plan_for(demand, candidate.hours.clear)


def percent_of(booked: int, whole: int) -> int:
    """Return how much of the whole is booked; of nothing, nothing is."""
    return round(100 * booked / whole) if whole else 0
