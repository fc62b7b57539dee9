"""R-7: the dates asked for, split between two people."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from scheduling.choices import OfferKind
from scheduling.rules.alternatives.proposals import (
    Part,
    Proposal,
    part_of,
    strangers_in,
)
from scheduling.rules.alternatives.question import Question
from scheduling.rules.demand import (
    Demand,
    days_that_fit,
    is_enough,
    shared_evenly,
    spread_over,
)
from scheduling.rules.matching import Candidate


@dataclass(frozen=True)
class Pairs:
    """Who could share the days with whom; people as numbers of the order.

    Sets of people, and of days, are the bits of whole numbers, so that two thousand
    people are asked in one step.
    """

    demand: Demand
    order: Sequence[Candidate]

    @cached_property
    def alone(self) -> int:
        """Return those who need nobody beside them."""
        return bits_of(is_enough(self.demand, one.hours.clear) for one in self.order)

    @cached_property
    def wanted(self) -> int | None:
        """Return the number of whom the request names."""
        people = enumerate(self.order)
        return next((number for number, one in people if one.is_asked_for), None)

    @cached_property
    def days(self) -> list[int]:
        """Return the days that each person has, as a set."""
        least = self.demand.per_day
        return [bits_of(one >= least for one in c.hours.clear) for c in self.order]

    @cached_property
    def people(self) -> list[int]:
        """Return the people that have each day, as a set."""
        return [
            bits_of(bool(days >> number & 1) for days in self.days)
            for number in range(len(self.demand.days))
        ]

    @cached_property
    def alike(self) -> list[tuple[int, int]]:
        """Return each set of days with the people who have it, the largest first."""
        found: dict[int, int] = {}
        for number, days in enumerate(self.days):
            found[days] = found.get(days, 0) | 1 << number
        return sorted(found.items(), key=lambda pair: -pair[0].bit_count())

    @cached_property
    def sums(self) -> list[int]:
        """Return the quarters that each person has on the days together."""
        return [sum(one for one in c.hours.clear if one > 0) for c in self.order]

    @cached_property
    def most(self) -> int:
        """Return the quarters of who has most of them."""
        return max(self.sums, default=0)

    def leads(self) -> Iterator[int]:
        """Return who takes all the days they have: whom the request names first.

        Whoever has them all needs nobody else.
        """
        everybody = range(len(self.order))
        ordered = sorted(everybody, key=lambda number: number != self.wanted)
        return (number for number in ordered if not self.alone >> number & 1)

    def partners(self, lead: int) -> Iterator[int]:
        """Return who has the days that the lead lacks, the best first.

        Beside whom the request names it may be anybody; of two others neither has all
        the days alone, and each pair is met once.
        """
        everybody = (1 << len(self.order)) - 1
        if lead == self.wanted:
            eligible = everybody & ~(1 << lead)
        else:
            eligible = everybody & ~self.alone & ~((2 << lead) - 1)
            if self.wanted is not None:
                eligible &= ~(1 << self.wanted)
        if self.demand.is_spread:
            return self._with_hours(lead, eligible)
        if self.demand.takes_each_day:
            return self._with_each_day(lead, eligible)
        return self._with_days(lead, eligible)

    def _with_each_day(self, lead: int, eligible: int) -> Iterator[int]:
        if self.days[lead]:
            for number in range(len(self.demand.days)):
                if not self.days[lead] >> number & 1:
                    eligible &= self.people[number]
            yield from members(eligible)

    def _with_days(self, lead: int, eligible: int) -> Iterator[int]:
        lacking = self.demand.needed - self.days[lead].bit_count()
        if not self.days[lead]:
            return
        others = 0
        for days, people in self.alike:
            if days.bit_count() < lacking:
                break
            if (days & ~self.days[lead]).bit_count() >= lacking:
                others |= people
        yield from members(eligible & others)

    def _with_hours(self, lead: int, eligible: int) -> Iterator[int]:
        lacking = self.demand.total - self.sums[lead]
        if self.sums[lead] and self.most >= lacking:
            yield from (n for n in members(eligible) if self.sums[n] >= lacking)


def bits_of(flags: Iterable[bool]) -> int:
    """Return the numbers of what is true as the bits of one whole number."""
    return int("".join("1" if one else "0" for one in flags)[::-1] or "0", 2)


def members(bits: int) -> Iterator[int]:
    """Return the numbers of the bits that are set, the lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def between_two(question: Question) -> Iterator[Proposal]:
    """Return pairs who have the days together: the first takes all days they have."""
    pairs = Pairs(question.demand, question.order)
    for lead in pairs.leads():
        for partner in pairs.partners(lead):
            people = [question.order[lead], question.order[partner]]
            yield Proposal(
                kind=OfferKind.SPLIT,
                parts=shared_parts(question.demand, *people),
                moved=0,
                ranks=tuple(question.ranks[one.pk] for one in people),
                strangers=strangers_in([one.pk for one in people], question.demand),
            )


def shared_parts(
    demand: Demand, lead: Candidate, partner: Candidate
) -> tuple[Part, ...]:
    """Return what each of two does; the partner only what the lead cannot."""
    own, others = lead.hours.clear, partner.hours.clear
    if demand.is_spread:
        first = {number: one for number, one in enumerate(own) if one > 0}
        rest = spread_over(demand.total - sum(first.values()), others) or {}
    else:
        leads = set(days_that_fit(demand, own))
        free = [n for n in days_that_fit(demand, others) if n not in leads]
        taken = free[: demand.needed - len(leads)]
        shares = shared_evenly(demand, [*leads, *taken])
        first = {n: share for n, share in shares.items() if n in leads}
        rest = {n: share for n, share in shares.items() if n not in leads}
    return (
        part_of(lead.pk, demand.days, first),
        part_of(partner.pk, demand.days, rest),
    )
