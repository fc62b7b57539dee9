"""What speaks for somebody as a stand-in, told by the places below.

Training knows who is certified for the course of a class; it registers itself.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from psdelivery.people.models import User
from scheduling.models import ConflictCase


@dataclass(frozen=True)
class Fit:
    """Words for the list, and a place in it: those with the lowest come first."""

    words: str
    rank: int = 0


@dataclass(frozen=True)
class FitQuestion:
    """Who could take these days of whoever cannot work."""

    case: ConflictCase
    days: Collection[date]
    people: Collection[User]


# Keys of people -> what speaks for them; a constant number of queries.
FitSource = Callable[[FitQuestion], Mapping[int, Fit]]
# Keys of people who are asked beside those of the booked trade.
MoreSource = Callable[[ConflictCase, Collection[date]], Collection[int]]


class Fits:
    def __init__(self) -> None:
        self._sources: dict[str, tuple[FitSource, MoreSource]] = {}

    def register(self, name: str, source: FitSource, more: MoreSource) -> None:
        """Let a place say who fits, and who else could; the same name replaces."""
        self._sources[name] = (source, more)

    def more(self, case: ConflictCase, days: Collection[date]) -> set[int]:
        """Return who else could take the days, whatever their trade is."""
        return {
            pk for _source, more in self._sources.values() for pk in more(case, days)
        }

    def of(self, question: FitQuestion) -> dict[int, list[Fit]]:
        """Return what the places say of each person."""
        found: dict[int, list[Fit]] = {}
        for source, _more in self._sources.values():
            for pk, fit in source(question).items():
                found.setdefault(pk, []).append(fit)
        return found


fits = Fits()
