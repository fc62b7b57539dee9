"""What changed on the board since somebody looked."""

from dataclasses import dataclass

from scheduling.choices import BoardPart
from scheduling.models import BoardChange

# A change gets its number before it can be seen: one with a smaller number may appear
# after one with a larger. So many before the last one seen are counted again.
OVERLAP = 100


@dataclass(frozen=True)
class Seen:
    """The last change that somebody saw, and how many of those just before it."""

    last: int = 0
    count: int = 0

    def __str__(self) -> str:
        return f"{self.last}.{self.count}"


@dataclass(frozen=True)
class News:
    """What has to be drawn anew."""

    seen: Seen
    people: frozenset[int] = frozenset()
    parts: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not (self.people or self.parts)


def read_seen(text: str) -> Seen:
    """Return what the address says was seen; nonsense saw nothing."""
    last, _dot, count = text.partition(".")
    if not all(part.isdecimal() and len(part) < 19 for part in (last, count)):
        return Seen()
    return Seen(int(last), int(count))


def newest() -> Seen:
    """Return what somebody sees who looks now; one query."""
    rows = BoardChange.objects.order_by("-pk").values_list("pk", flat=True)
    return seen_of(list(rows[:OVERLAP]))


def seen_of(keys: list[int]) -> Seen:
    """Return what was seen with these changes, the newest first."""
    if not keys:
        return Seen()
    return Seen(keys[0], sum(key > keys[0] - OVERLAP for key in keys))


def news_since(seen: Seen) -> News:
    """Return what changed since; one query.

    Usually that is what has a larger number. Where one with a smaller number came
    late, all the last ones are drawn again: once too often harms nobody.
    """
    rows = list(
        BoardChange.objects.filter(pk__gt=seen.last - OVERLAP)
        .order_by("-pk")
        .values_list("pk", "person_id", "part")
    )
    known = [row for row in rows if row[0] <= seen.last]
    fresh = rows if len(known) > seen.count else rows[: len(rows) - len(known)]
    return News(
        seen=seen_of([pk for pk, _person, _part in rows]) if rows else seen,
        people=frozenset(person for _pk, person, _part in fresh if person),
        parts=frozenset(part for _pk, _person, part in fresh if part != BoardPart.ROW),
    )
