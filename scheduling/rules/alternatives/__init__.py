"""R-7: the ways out of a conflict, found among plain numbers, the best first.

Nothing proposed exceeds what a day has beside all that is booked and held there; only
`displacing` counts on a soft hold whose requester would give it up.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from scheduling.rules.alternatives.displacing import displacing
from scheduling.rules.alternatives.moving import as_asked, other_dates
from scheduling.rules.alternatives.proposals import (
    Declined,
    Experience,
    Key,
    Part,
    Proposal,
    key_of,
)
from scheduling.rules.alternatives.question import Line, Question, Search, SoftHold
from scheduling.rules.alternatives.ranges import in_two_ranges
from scheduling.rules.alternatives.splitting import between_two

__all__ = [
    "PER_SEARCH",
    "SEARCHES",
    "Declined",
    "Experience",
    "Key",
    "Line",
    "Part",
    "Proposal",
    "Question",
    "SoftHold",
    "alternatives",
    "key_of",
]

# So many of each are shown; the coordinator picks among them.
PER_SEARCH = 3
SEARCHES: tuple[Search, ...] = (
    as_asked,
    other_dates,
    between_two,
    in_two_ranges,
    displacing,
)


def alternatives(question: Question) -> list[Proposal]:
    """R-7: return the ways out, some of each kind, in the order of their worth.

    Complete: where there is a way out of a kind, one of that kind is found.
    """
    asked = Question.ranked(question)
    found = [
        one
        for search in SEARCHES
        for one in islice(not_declined(asked, search), PER_SEARCH)
    ]
    return sorted(found, key=asked.worth)


def not_declined(question: Question, search: Search) -> Iterator[Proposal]:
    """Return what a search finds; people who were declined before come last."""
    seen = set(question.experience.fingerprints)
    weights = weights_of(question)
    for level in sorted(set(weights.values())):
        order = [one for one in question.order if weights[one.pk] <= level]
        for one in search(replace(question, order=order)):
            if one.fingerprint not in seen:
                seen.add(one.fingerprint)
                yield one


def weights_of(question: Question) -> dict[int, int]:
    """Return how often each candidate stood in something that was declined."""
    experience, wanted = question.experience, question.demand.person_id
    return {one.pk: experience.weight_of(one.pk, wanted) for one in question.order}
