"""The candidates of a request, lit up on the board."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.urls import reverse

from psdelivery.people.models import User, UserQuerySet
from scheduling.match_words import fit_words, lacks_of, reasons_for
from scheduling.models import ResourceRequest
from scheduling.queries.board import BLOCK, PeoplePage, people_page, people_with_places
from scheduling.queries.matching import Matching, Wishes, candidates_for
from scheduling.rules.board import Place, Window, runs_of


@dataclass(frozen=True)
class Fit:
    """A candidate in words: how much of what is asked for is free, and why them."""

    words: str
    is_whole: bool
    reasons: Sequence[str]
    lacks: Sequence[str]
    book_url: str


@dataclass(frozen=True)
class Lit:
    """The request that somebody chose, with its candidates in their order."""

    found: Matching
    ranks: Mapping[int, int]

    @property
    def asked(self) -> ResourceRequest:
        return self.found.asked

    def fit_of(self, person: User) -> Fit | None:
        """Return how somebody fits; None for who is no candidate."""
        if person.pk not in self.ranks:
            return None
        one = self.found.candidates[self.ranks[person.pk]]
        book = reverse("scheduling:request-book", args=[self.asked.pk])
        return Fit(
            words=fit_words(self.found.demand, one),
            is_whole=one.fits,
            reasons=reasons_for(self.found, one),
            lacks=lacks_of(self.found, one),
            book_url=f"{book}?person={person.pk}",
        )

    def places(self, window: Window) -> list[Place]:
        """Return where the days that are asked for stand."""
        runs = runs_of(self.found.demand.days, {})
        places = [window.place_of(run.first, run.last) for run in runs]
        return [place for place in places if place is not None]


def lit_by(asked: ResourceRequest | None) -> Lit | None:
    """Return the candidates of a request, who fits best first."""
    if asked is None:
        return None
    # Each row tells of them again.
    prefetch_related_objects([asked], "ranges", "skills__skill")
    found = candidates_for(asked, Wishes())
    ranks = {one.pk: number for number, one in enumerate(found.candidates)}
    return Lit(found, ranks)


def page_by_fit(people: UserQuerySet, number: int, lit: Lit | None) -> PeoplePage:
    """Return a page of rows; with a chosen request its candidates stand first."""
    if lit is None:
        return people_page(people, number)
    keys = list(people.values_list("pk", flat=True))
    last = len(lit.ranks)
    keys.sort(key=lambda pk: lit.ranks.get(pk, last))
    shown = keys[(number - 1) * BLOCK : number * BLOCK]
    known = {person.pk: person for person in people_with_places(shown)}
    return PeoplePage([known[pk] for pk in shown], len(keys))
