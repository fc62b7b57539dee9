"""What one way out of a conflict is, and which of two is the better one (R-7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from scheduling.choices import OfferKind
from scheduling.rules.demand import Demand, Plan, hours_of

# What a proposal is ordered by; the smaller the better.
Key = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Part:
    """Days of one person, each with its quarters of an hour."""

    person_id: int
    days: tuple[tuple[date, int], ...]

    @property
    def hours(self) -> dict[date, Decimal]:
        return {day: hours_of(share) for day, share in self.days}

    @property
    def first(self) -> date:
        return self.days[0][0]

    @property
    def last(self) -> date:
        return self.days[-1][0]


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A way out: who does which days, and what it costs.

    `moved` is the number of booked days that were not asked for, `ranks` where its
    people stand among the candidates, `shift` by how many working days it lies away
    (negative: earlier), `strangers` how many parts are not of whom was asked for.
    """

    kind: OfferKind
    parts: tuple[Part, ...]
    moved: int
    ranks: tuple[int, ...]
    strangers: int = 0
    shift: int = 0
    displaces: int | None = None
    lost: int = 0

    @property
    def fingerprint(self) -> str:
        """Say which proposal it is, so that it is known when it comes again."""
        parts = sorted((part.person_id, part.days) for part in self.parts)
        words = [f"{person}:{_days_in_words(days)}" for person, days in parts]
        told = f"{self.kind};{self.displaces or ''};{';'.join(words)}"
        return sha256(told.encode()).hexdigest()[:32]

    @property
    def people(self) -> frozenset[int]:
        return frozenset(part.person_id for part in self.parts)

    @property
    def first(self) -> date:
        return min(part.first for part in self.parts)

    @property
    def last(self) -> date:
        return max(part.last for part in self.parts)


def _days_in_words(days: Iterable[tuple[date, int]]) -> str:
    return ",".join(f"{day.isoformat()}*{share}" for day, share in days)


@dataclass(frozen=True)
class Declined:
    """What the requester, or the requester of a soft hold, said no to."""

    kind: str
    fingerprint: str
    people: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Experience:
    """What was declined on this request: it is not proposed again, and teaches."""

    declined: Sequence[Declined] = ()

    @property
    def fingerprints(self) -> frozenset[str]:
        return frozenset(one.fingerprint for one in self.declined)

    def weight_of(self, person_id: int, wanted: int | None) -> int:
        """Return how often somebody stood in what was declined.

        Whom the request names is not what was declined.
        """
        if person_id == wanted:
            return 0
        return sum(person_id in one.people for one in self.declined)

    def weight_of_kind(self, kind: str) -> int:
        """Return how often this kind of way out was declined."""
        return sum(one.kind == kind for one in self.declined)


def key_of(proposal: Proposal, demand: Demand, experience: Experience) -> Key:
    """R-7: return what decides between two ways out of whatever kind.

    What was declined before comes last, its kind and its people; then fewest days
    moved, nobody else to be asked, few people, the person who was asked for, the
    order of the candidates, and the nearest dates, later before earlier.
    """
    wanted = demand.person_id
    return (
        experience.weight_of_kind(proposal.kind),
        max(experience.weight_of(one, wanted) for one in proposal.people),
        proposal.moved,
        proposal.displaces is not None,
        len(proposal.parts),
        proposal.strangers,
        *ranks_of(proposal),
        abs(proposal.shift),
        proposal.shift < 0,
        proposal.lost,
        proposal.displaces or 0,
    )


def ranks_of(proposal: Proposal) -> tuple[int, int]:
    """Return the ranks of up to two people; one alone stands before any second."""
    first, *others = proposal.ranks
    return first, others[0] if others else -1


def part_of(person_id: int, days: Sequence[date], plan: Plan) -> Part:
    """Return the part of a person from a plan by the number of the day."""
    shares = tuple((days[number], share) for number, share in sorted(plan.items()))
    return Part(person_id=person_id, days=shares)


def strangers_in(people: Iterable[int], demand: Demand) -> int:
    """Return how many of the people were not asked for, where somebody was."""
    if demand.person_id is None:
        return 0
    return sum(person != demand.person_id for person in people)


def hours_by_person(proposal: Proposal) -> Mapping[tuple[int, date], int]:
    """Return the quarters that a proposal takes, by person and day."""
    return {
        (part.person_id, day): share
        for part in proposal.parts
        for day, share in part.days
    }
