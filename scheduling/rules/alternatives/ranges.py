"""R-7: the days that the same person has, and the rest in one other range."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from scheduling.choices import OfferKind
from scheduling.rules.alternatives.proposals import Proposal, part_of, strangers_in
from scheduling.rules.alternatives.question import Line, Question
from scheduling.rules.demand import Demand, shared_evenly, spread_over

# Kept and other positions of the line, each with its quarters.
Shares = dict[int, int]
Positions = tuple[int, ...]


def in_two_ranges(question: Question) -> Iterator[Proposal]:
    """Return what stays on the days asked for, and the nearest range for the rest.

    One for each person whose dates may move. Where no range has room for the rest,
    it is the nearest days that have.
    """
    declined = question.experience.fingerprints
    nearest: list[Proposal] = []
    for one in question.movable:
        found = proposals_of(question, one.pk)
        open_ones = (it for it in found if it.fingerprint not in declined)
        nearest += islice(open_ones, 1)
    yield from sorted(nearest, key=question.worth)


def proposals_of(question: Question, person_id: int) -> Iterator[Proposal]:
    """Return the ways of one person, the nearest first."""
    line, demand = question.line, question.demand
    for kept, extra in ways_to_keep(demand, line, question.rooms[person_id]):
        nearest = min(extra, key=lambda number: nearness(line, number))
        gap = line.gaps[nearest]
        yield Proposal(
            kind=OfferKind.SPLIT,
            parts=(part_of(person_id, line.days, kept | extra),),
            moved=len(extra),
            ranks=(question.ranks[person_id],),
            strangers=strangers_in([person_id], demand),
            shift=-gap if line.is_earlier(nearest) else gap,
        )


def ways_to_keep(
    demand: Demand, line: Line, room: Sequence[int]
) -> Iterator[tuple[Shares, Shares]]:
    """Return which hours stay and which move, where some can stay and not all."""
    if demand.is_spread:
        yield from keeping_hours(demand, line, room)
    else:
        yield from keeping_days(demand, line, room)


def keeping_days(
    demand: Demand, line: Line, room: Sequence[int]
) -> Iterator[tuple[Shares, Shares]]:
    """Return the ways for so many days with the same hours each."""
    kept = [number for number in line.asked if room[number] >= demand.per_day]
    lacking = demand.needed - len(kept)
    if not kept or lacking <= 0:
        return
    others = other_positions(line, room, demand.per_day)
    ranges = sorted(runs(others, lacking), key=lambda run: nearness_of(line, run))
    nearest = sorted(others, key=lambda number: nearness(line, number))[:lacking]
    for chosen in ranges or [tuple(nearest)]:
        if len(chosen) == lacking:
            shares = shared_evenly(demand, [*kept, *chosen])
            yield among(shares, kept), among(shares, chosen)


def keeping_hours(
    demand: Demand, line: Line, room: Sequence[int]
) -> Iterator[tuple[Shares, Shares]]:
    """Return the ways for hours in total: all that is open stays, the rest moves.

    As few days as possible take the rest.
    """
    kept = {number: room[number] for number in line.asked if room[number] > 0}
    lacking = demand.total - sum(kept.values())
    if not kept or lacking <= 0:
        return
    others = other_positions(line, room, 1)
    is_found = False
    for length in range(1, len(others) + 1):
        ranges = [run for run in runs(others, length) if has(room, run, lacking)]
        for run in sorted(ranges, key=lambda run: nearness_of(line, run)):
            is_found = True
            yield kept, spread_among(lacking, room, run)
    nearest = enough(sorted(others, key=lambda n: nearness(line, n)), room, lacking)
    if nearest and not is_found:
        yield kept, spread_among(lacking, room, nearest)


def other_positions(line: Line, room: Sequence[int], least: int) -> list[int]:
    """Return the positions beside those asked for that have so many quarters."""
    return [
        number
        for number in range(line.first_open, len(line.days))
        if number not in line.asked_set and room[number] >= least
    ]


def runs(positions: Sequence[int], length: int) -> Iterator[Positions]:
    """Return the runs of so many positions one after the other."""
    for start in range(len(positions) - length + 1):
        run = positions[start : start + length]
        if run[-1] - run[0] == length - 1:
            yield tuple(run)


def nearness(line: Line, position: int) -> tuple[int, bool]:
    """Return how far off a position is; the later of two stands first."""
    return line.gaps[position], line.is_earlier(position)


def nearness_of(line: Line, run: Positions) -> tuple[int, bool]:
    """Return how far off the nearest day of a run is."""
    return min(nearness(line, number) for number in run)


def has(room: Sequence[int], run: Iterable[int], lacking: int) -> bool:
    """Whether a run has so many quarters."""
    return sum(room[number] for number in run) >= lacking


def enough(ordered: Sequence[int], room: Sequence[int], lacking: int) -> list[int]:
    """Return the first positions that have so many quarters together, or none."""
    taken: list[int] = []
    for number in ordered:
        taken.append(number)
        if has(room, taken, lacking):
            return taken
    return []


def spread_among(lacking: int, room: Sequence[int], chosen: Iterable[int]) -> Shares:
    """Return quarters spread over the chosen positions."""
    positions = sorted(chosen)
    shares = spread_over(lacking, [room[number] for number in positions]) or {}
    return {positions[number]: share for number, share in shares.items()}


def among(shares: Shares, chosen: Iterable[int]) -> Shares:
    """Return the shares of some of the positions."""
    return {number: shares[number] for number in chosen}
