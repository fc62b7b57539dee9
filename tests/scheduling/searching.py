"""Small cases of matching, and a search that tries everything."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, permutations

from hypothesis import strategies as st

from scheduling.choices import OfferKind
from scheduling.rules.alternatives import (
    Declined,
    Experience,
    Line,
    Proposal,
    Question,
    SoftHold,
    alternatives,
)
from scheduling.rules.alternatives.proposals import Part, strangers_in
from scheduling.rules.demand import Demand, spread_over
from scheduling.rules.matching import Colleague, Filters, Hours, candidates

FIRST = date(2027, 3, 15)


@st.composite
def questions(draw):
    """A few people and a few days, with holds, offers and what was declined."""
    length = draw(st.integers(2, 8))
    count = draw(st.integers(1, min(4, length)))
    asked = draw(
        st.lists(
            st.integers(0, length - 1), min_size=count, max_size=count, unique=True
        )
    )
    line = Line(
        tuple(FIRST + timedelta(days=n) for n in range(length)),
        tuple(sorted(asked)),
        draw(st.integers(0, length)),
    )
    people = list(range(1, draw(st.integers(1, 4)) + 1))
    demand = draw(demands(line, people))
    rooms, hours, soft = {}, {}, {}
    for person in people:
        free = [draw(st.integers(0, 4)) for _day in line.days]
        held = [draw(st.sampled_from([0, 0, 1, 2])) for _day in line.days]
        holds = draw(st.lists(holds_on(len(asked)), max_size=2))
        on_asked = [free[number] for number in line.asked]
        clear = [free[n] - held[n] for n in range(length)]
        for index, number in enumerate(line.asked):
            clear[number] -= sum(one.get(index, 0) for one in holds)
        hours[person] = Hours(on_asked, [clear[number] for number in line.asked])
        rooms[person] = clear
        soft[person] = [SoftHold(person * 10 + n, one) for n, one in enumerate(holds)]
    colleagues = [
        Colleague(pk=person, name=f"P{person}", zone="UTC") for person in people
    ]
    order = candidates(demand, colleagues, hours, Filters())
    movable = draw(st.sets(st.sampled_from(people)))
    question = Question(
        demand=demand,
        order=order,
        line=line,
        rooms={person: rooms[person] for person in movable},
        soft=soft,
    )
    return with_declined(draw, question)


def demands(line, people):
    count = len(line.asked)
    days = tuple(line.days[number] for number in line.asked)

    def make(per_day, needed, total, is_spread, is_hard, person):
        needed = min(needed, count)
        if is_spread:
            per_day, needed = 0, count
        else:
            # As `demand_of` gives it: even shares, the first ones longer.
            total = per_day * needed - min(total, needed - 1)
            total = max(total, needed)
        return Demand(
            days=days,
            needed=needed,
            per_day=per_day,
            total=total,
            is_hard=is_hard,
            person_id=person,
        )

    return st.builds(
        make,
        per_day=st.integers(1, 4),
        needed=st.integers(1, count),
        total=st.integers(1, 10),
        is_spread=st.booleans(),
        is_hard=st.booleans(),
        person=st.sampled_from([None, *people]),
    )


def holds_on(count):
    return st.dictionaries(st.integers(0, count - 1), st.integers(1, 4), min_size=1)


def with_declined(draw, question):
    """Decline some of what would be proposed at first."""
    found = alternatives(question)
    if not found:
        return question
    chosen = draw(st.lists(st.sampled_from(found), max_size=2))
    declined = [Declined(one.kind, one.fingerprint, one.people) for one in chosen]
    return Question(
        demand=question.demand,
        order=question.order,
        line=question.line,
        rooms=question.rooms,
        soft=question.soft,
        experience=Experience(declined),
    )


@dataclass
class BruteForce:
    """Every proposal there is, found by trying all sets of days and all people."""

    question: Question

    def __post_init__(self):
        self.demand, self.line = self.question.demand, self.question.line
        self.order = {one.pk: n for n, one in enumerate(self.question.order)}
        self.clear = {one.pk: one.hours.clear for one in self.question.order}
        self.free = {one.pk: one.hours.free for one in self.question.order}

    def all(self):
        found = [
            *self.as_asked(),
            *self.other_dates(),
            *self.pairs(),
            *self.two_ranges(),
            *self.displacing(),
        ]
        declined = self.question.experience.fingerprints
        return [one for one in found if one.fingerprint not in declined]

    def shares(self, chosen):
        each, more = divmod(self.demand.total, self.demand.needed)
        return {day: each + (n < more) for n, day in enumerate(sorted(chosen))}

    def plans(self, hours):
        """Every way in which one person does it within these hours of days."""
        if self.demand.per_day == 0:
            plan = spread_over(self.demand.total, hours)
            return [] if plan is None else [plan]
        return [
            self.shares(chosen)
            for chosen in combinations(range(len(hours)), self.demand.needed)
            if all(hours[number] >= self.demand.per_day for number in chosen)
        ]

    def proposal(self, kind, *shares, moved=0, shift=0, displaces=None, lost=0):
        """From (person, {day: quarters})."""
        people = [person for person, _days in shares]
        return Proposal(
            kind=kind,
            parts=tuple(
                Part(person_id=person, days=tuple(sorted(days.items())))
                for person, days in shares
            ),
            moved=moved,
            ranks=tuple(self.order[person] for person in people),
            strangers=strangers_in(people, self.demand),
            shift=shift,
            displaces=displaces,
            lost=lost,
        )

    def on_asked(self, plan):
        return {self.demand.days[number]: share for number, share in plan.items()}

    def as_asked(self):
        for person, hours in self.clear.items():
            is_other = self.demand.person_id not in (None, person)
            kind = OfferKind.OTHER_PERSON if is_other else OfferKind.AS_ASKED
            for plan in self.plans(hours)[:1]:
                yield self.proposal(kind, (person, self.on_asked(plan)))

    def other_dates(self):
        size = len(self.line.days)
        for person, room in self.question.rooms.items():
            if self.plans(self.clear[person]):
                continue
            for shift in range(-size, size):
                positions = [number + shift for number in self.line.asked]
                if shift and all(self.line.first_open <= n < size for n in positions):
                    yield from self.at(person, room, positions, shift)

    def at(self, person, room, positions, shift):
        found = []
        for plan in self.plans([room[number] for number in positions]):
            days = {self.line.days[positions[n]]: share for n, share in plan.items()}
            moved = len(set(days) - set(self.demand.days))
            found.append(
                self.proposal(
                    OfferKind.OTHER_DATES, (person, days), moved=moved, shift=shift
                )
            )
        return sorted(found, key=lambda one: (one.moved, one.first))[:1]

    def pairs(self):
        able = {person: bool(self.plans(hours)) for person, hours in self.clear.items()}
        wanted = self.demand.person_id
        for lead, partner in permutations(self.clear, 2):
            if able[lead] or partner == wanted:
                continue
            if lead != wanted and (
                able[partner] or self.order[lead] > self.order[partner]
            ):
                continue
            first, rest = self.shared(self.clear[lead], self.clear[partner])
            if first and rest:
                yield self.proposal(
                    OfferKind.SPLIT,
                    (lead, self.on_asked(first)),
                    (partner, self.on_asked(rest)),
                )

    def shared(self, own, others):
        """The lead does what they can, the partner what is left."""
        if self.demand.per_day == 0:
            first = {n: one for n, one in enumerate(own) if one > 0}
            lacking = self.demand.total - sum(first.values())
            return first, spread_over(lacking, others)
        can = [n for n, one in enumerate(own) if one >= self.demand.per_day]
        more = [
            n
            for n, one in enumerate(others)
            if one >= self.demand.per_day and n not in can
        ][: self.demand.needed - len(can)]
        if len(can) + len(more) < self.demand.needed:
            return None, None
        shares = self.shares([*can, *more])
        return {n: shares[n] for n in can}, {n: shares[n] for n in more}

    def two_ranges(self):
        for person, room in self.question.rooms.items():
            least = self.demand.per_day or 1
            kept = {n: room[n] for n in self.line.asked if room[n] >= least}
            others = [
                n
                for n in range(self.line.first_open, len(room))
                if n not in self.line.asked and room[n] >= least
            ]
            ways = list(self.moving(kept, others, room)) if kept else []
            one_run = [way for way in ways if self.is_run(way)]
            for extra in one_run or self.nearest(ways):
                yield self.kept_and_moved(person, kept, extra, room)

    def moving(self, kept, others, room):
        """Every set of other days that takes what does not stay."""
        for size in range(1, len(others) + 1):
            for extra in combinations(others, size):
                if self.demand.per_day:
                    if len(kept) + size == self.demand.needed:
                        yield extra
                    continue
                lacking = self.demand.total - sum(kept.values())
                if lacking > 0 and spread_over(lacking, [room[n] for n in extra]):
                    yield extra

    def is_run(self, extra):
        return extra[-1] - extra[0] == len(extra) - 1

    def gap(self, number):
        return min(abs(number - one) for one in self.line.asked)

    def rank(self, number):
        gap = self.gap(number)
        return gap, number + gap in self.line.asked

    def nearest(self, ways):
        """The days one after the other, from the nearest on, until they suffice."""
        ordered = sorted(ways, key=lambda way: sorted(map(self.rank, way)))
        shortest = [
            way
            for way in ordered
            if sorted(map(self.rank, way))
            == sorted(map(self.rank, self.others_of(ways)))[: len(way)]
        ]
        return sorted(shortest, key=len)[:1]

    def others_of(self, ways):
        return {number for way in ways for number in way}

    def kept_and_moved(self, person, kept, extra, room):
        if self.demand.per_day:
            shares = self.shares([*kept, *extra])
        else:
            lacking = self.demand.total - sum(kept.values())
            plan = spread_over(lacking, [room[n] for n in extra])
            shares = kept | {extra[n]: share for n, share in plan.items()}
        gap, is_earlier = min(self.rank(n) for n in shares if n not in kept)
        days = {self.line.days[n]: share for n, share in shares.items()}
        return self.proposal(
            OfferKind.SPLIT,
            (person, days),
            moved=len(set(shares) - set(kept)),
            shift=-gap if is_earlier else gap,
        )

    def displacing(self):
        if not self.demand.is_hard:
            return
        for person, clear in self.clear.items():
            if self.plans(clear):
                continue
            for hold in self.question.soft[person]:
                yield from self.without(person, clear, hold)

    def without(self, person, clear, hold):
        """The plan that takes the least of a hold."""
        found = []
        free = self.free[person]
        room = [min(free[n], c + hold.hours.get(n, 0)) for n, c in enumerate(clear)]
        for plan in self.plans(room):
            if self.demand.per_day == 0:
                plan = self.clear_first(clear, room)
                lost = self.demand.total - sum(max(one, 0) for one in clear)
            else:
                lost = sum(max(self.demand.per_day - max(clear[n], 0), 0) for n in plan)
            found.append(
                self.proposal(
                    OfferKind.DISPLACE,
                    (person, self.on_asked(plan)),
                    displaces=hold.pk,
                    lost=lost,
                )
            )
        return sorted(found, key=lambda one: one.lost)[:1]

    def clear_first(self, clear, room):
        """All that nobody holds, and the rest over what would be given up."""
        kept = [max(one, 0) for one in clear]
        more = [max(one, 0) - kept[n] for n, one in enumerate(room)]
        rest = spread_over(self.demand.total - sum(kept), more)
        both = {n: one + rest.get(n, 0) for n, one in enumerate(kept)}
        return {n: share for n, share in both.items() if share}
