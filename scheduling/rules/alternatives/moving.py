"""R-7: the dates asked for by whoever has them, and other dates of the same person."""

from collections.abc import Iterable, Iterator, Sequence

from scheduling.choices import OfferKind
from scheduling.rules.alternatives.proposals import Proposal, part_of, strangers_in
from scheduling.rules.alternatives.question import Question
from scheduling.rules.demand import (
    Demand,
    Plan,
    days_that_fit,
    is_enough,
    shared_evenly,
    spread_over,
)
from scheduling.rules.matching import plan_of


def as_asked(question: Question) -> Iterator[Proposal]:
    """Return who has the days as they were asked for: the same person, or another."""
    demand = question.demand
    for one in question.wanted_first:
        plan = plan_of(demand, one)
        if plan is None:
            continue
        is_other = demand.person_id not in (None, one.pk)
        yield Proposal(
            kind=OfferKind.OTHER_PERSON if is_other else OfferKind.AS_ASKED,
            parts=(part_of(one.pk, demand.days, plan),),
            moved=0,
            ranks=(question.ranks[one.pk],),
            strangers=strangers_in([one.pk], demand),
        )


def other_dates(question: Question) -> Iterator[Proposal]:
    """Return the nearest dates of the same person: all days later, or all earlier."""
    line = question.line
    soonest = line.first_open - min(line.asked, default=0)
    later = range(max(1, soonest), len(line.days) - max(line.asked, default=0))
    earlier = range(-1, soonest - 1, -1)
    found = [
        nearest
        for one in question.movable
        for shifts in (later, earlier)
        if (nearest := nearest_of(question, one.pk, shifts)) is not None
    ]
    yield from sorted(found, key=question.worth)


def nearest_of(
    question: Question, person_id: int, shifts: Iterable[int]
) -> Proposal | None:
    """Return the best shift that fits and was not declined."""
    declined, worth = question.experience.fingerprints, question.worth
    best = None
    for shift in shifts:
        if best is not None and is_past(question, shift):
            break
        one = shifted(question, person_id, shift)
        if one is None or (best is not None and worth(best) <= worth(one)):
            continue
        if one.fingerprint not in declined:
            best = one
    return best


def is_past(question: Question, shift: int) -> bool:
    """Whether a shift leaves no day where it was, and no farther one does better."""
    asked = question.line.asked
    return not question.demand.is_spread and abs(shift) > asked[-1] - asked[0]


def shifted(question: Question, person_id: int, shift: int) -> Proposal | None:
    """Return the same days so many working days later; None where they do not fit."""
    line, demand = question.line, question.demand
    positions = [number + shift for number in line.asked]
    room = question.rooms[person_id]
    hours = [room[number] for number in positions]
    was_asked = [number in line.asked_set for number in positions]
    plan = plan_rather(demand, hours, was_asked)
    if plan is None:
        return None
    days = [line.days[number] for number in positions]
    return Proposal(
        kind=OfferKind.OTHER_DATES,
        parts=(part_of(person_id, days, plan),),
        moved=sum(not was_asked[number] for number in plan),
        ranks=(question.ranks[person_id],),
        strangers=strangers_in([person_id], demand),
        shift=shift,
    )


def plan_rather(
    demand: Demand, hours: Sequence[int], rather: Sequence[bool]
) -> Plan | None:
    """Return how the demand fits, taking the days that are `rather` wanted first."""
    if not is_enough(demand, hours):
        return None
    if demand.is_spread:
        return spread_over(demand.total, hours)
    fitting = days_that_fit(demand, hours)
    chosen = sorted(fitting, key=lambda number: (not rather[number], number))
    return shared_evenly(demand, chosen[: demand.needed])
