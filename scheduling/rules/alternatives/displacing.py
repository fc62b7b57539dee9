"""R-7: the dates asked for, once one soft hold gives way; its requester is asked."""

from collections.abc import Iterator, Sequence

from scheduling.choices import OfferKind
from scheduling.rules.alternatives.proposals import Proposal, part_of, strangers_in
from scheduling.rules.alternatives.question import Question, SoftHold
from scheduling.rules.demand import (
    Demand,
    Plan,
    days_that_fit,
    is_enough,
    shared_evenly,
    spread_over,
)
from scheduling.rules.matching import Candidate


def displacing(question: Question) -> Iterator[Proposal]:
    """Return who has the days once one soft hold gives way; for hard bookings only.

    R-6 still holds: hard bookings and the holds of others stay as they are.
    """
    demand = question.demand
    if not demand.is_hard:
        return
    for one in question.wanted_first:
        if is_enough(demand, one.hours.clear):
            continue
        holds = question.soft.get(one.pk, ())
        found = [displaced(question, one, hold) for hold in holds]
        yield from sorted(
            (proposal for proposal in found if proposal is not None),
            key=lambda proposal: (proposal.lost, proposal.displaces or 0),
        )


def displaced(question: Question, one: Candidate, hold: SoftHold) -> Proposal | None:
    """Return the days as asked for when the hold gives way; None where they are not.

    Hours that nobody holds are taken first.
    """
    demand, clear = question.demand, [max(hours, 0) for hours in one.hours.clear]
    room = [
        min(free, one.hours.clear[number] + hold.hours.get(number, 0))
        for number, free in enumerate(one.hours.free)
    ]
    plan = plan_beside(demand, clear, room)
    if plan is None:
        return None
    wanted = {number: demand.per_day or share for number, share in plan.items()}
    return Proposal(
        kind=OfferKind.DISPLACE,
        parts=(part_of(one.pk, demand.days, plan),),
        moved=0,
        ranks=(question.ranks[one.pk],),
        strangers=strangers_in([one.pk], demand),
        displaces=hold.pk,
        lost=sum(max(share - clear[n], 0) for n, share in wanted.items()),
    )


def plan_beside(
    demand: Demand, clear: Sequence[int], room: Sequence[int]
) -> Plan | None:
    """Return a plan within `room` that takes as much as it can of what is clear."""
    if not is_enough(demand, room):
        return None
    if not demand.is_spread:
        fitting = days_that_fit(demand, room)
        chosen = sorted(fitting, key=lambda n: (-min(clear[n], demand.per_day), n))
        return shared_evenly(demand, chosen[: demand.needed])
    more = [max(one - clear[number], 0) for number, one in enumerate(room)]
    extra = spread_over(demand.total - sum(clear), more) or {}
    both = {n: kept + extra.get(n, 0) for n, kept in enumerate(clear)}
    return {number: share for number, share in both.items() if share}
