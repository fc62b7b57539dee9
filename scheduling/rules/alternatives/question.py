"""What the ways out of a conflict are found from: plain numbers (R-7)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from scheduling.rules.alternatives.proposals import (
    Experience,
    Key,
    Proposal,
    key_of,
)
from scheduling.rules.demand import Demand, is_enough
from scheduling.rules.matching import Candidate


@dataclass(frozen=True)
class Line:
    """The days of the request's calendar in a row, those asked for among them.

    `asked` are their positions; nothing is moved to a day before `first_open`.
    """

    days: tuple[date, ...]
    asked: tuple[int, ...]
    first_open: int = 0

    @cached_property
    def asked_set(self) -> frozenset[int]:
        return frozenset(self.asked)

    @cached_property
    def gaps(self) -> list[int]:
        """Return how far each position lies from the nearest day asked for."""
        return [
            min((abs(number - one) for one in self.asked), default=0)
            for number in range(len(self.days))
        ]

    def is_earlier(self, position: int) -> bool:
        """Whether the nearest day asked for comes after this position."""
        gap = self.gaps[position]
        return position + gap in self.asked_set


@dataclass(frozen=True)
class SoftHold:
    """A soft hold of a person: its quarters by the number of the day asked for."""

    pk: int
    hours: Mapping[int, int]


@dataclass(frozen=True, kw_only=True)
class Question:
    """Everything that the ways out are found from.

    `order` are the candidates, the best first. `rooms` holds what is clear on each
    day of the line of those whose dates may move, `soft` the holds of people.
    """

    demand: Demand
    order: Sequence[Candidate]
    line: Line
    rooms: Mapping[int, Sequence[int]] = field(default_factory=dict)
    soft: Mapping[int, Sequence[SoftHold]] = field(default_factory=dict)
    experience: Experience = field(default_factory=Experience)
    # Of each candidate, among all of them.
    ranks: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def ranked(cls, question: "Question") -> "Question":
        """Return the question with the ranks that its order gives."""
        ranks = {one.pk: number for number, one in enumerate(question.order)}
        return replace(question, ranks=ranks)

    @property
    def wanted_first(self) -> list[Candidate]:
        """Return the candidates, whom the request names before all others."""
        return sorted(self.order, key=lambda one: not one.is_asked_for)

    @property
    def movable(self) -> list[Candidate]:
        """Return the candidates whose dates may move, as they do not fit as asked."""
        return [
            one
            for one in self.order
            if one.pk in self.rooms and not is_enough(self.demand, one.hours.clear)
        ]

    def worth(self, proposal: Proposal) -> Key:
        """Return what a proposal is ordered by."""
        return key_of(proposal, self.demand, self.experience)


# What a search finds, the best first; those declined before are left out later.
Search = Callable[[Question], Iterator[Proposal]]
