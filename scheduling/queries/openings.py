"""How many hours people have left on days: what matching and alternatives count."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import CharField, F, IntegerField, Q
from django.db.models.functions import Cast

from psdelivery.people.models import User, UserQuerySet
from scheduling.capacity_facts import Span, capacities
from scheduling.choices import Hold
from scheduling.models import Allocation, CapacityDay
from scheduling.queries.colleagues import among
from scheduling.rules.demand import QUARTERS, quarters
from scheduling.rules.matching import Hours

# In quarters, by the database: two thousand people have many days.
FREE = Cast((F("capacity") - F("hard")) * QUARTERS, IntegerField())
CLEAR = Cast((F("capacity") - F("hard") - F("soft")) * QUARTERS, IntegerField())
# In words: to read a date is most of the work of reading such a row.
DAY = Cast("day", CharField())
CHUNK = 10_000
Key = tuple[int, date]
Row = list[int | None]
# More days than this are asked for from the first to the last.
MOST_NAMED = 60


@dataclass(frozen=True)
class Standing:
    """A booking that is to be changed: to its person its hours are as good as free."""

    hard: Mapping[Key, int] = field(default_factory=dict)
    soft: Mapping[Key, int] = field(default_factory=dict)

    @classmethod
    def of(cls, allocation: Allocation | None) -> "Standing":
        """Return the hours of a booking; none where there is none."""
        if allocation is None or allocation.person_id is None:
            return cls()
        rows = allocation.days.values_list("person_id", "day", "hours")
        hours = {(person, day): quarters(one) for person, day, one in rows if person}
        return cls(hours) if allocation.hold == Hold.HARD else cls(soft=hours)


def hours_on(
    days: Sequence[date],
    ids: Collection[int],
    standing: Standing,
    people: UserQuerySet | None = None,
) -> dict[int, Hours]:
    """Return what each of these people has on each of the days; `people` finds many.

    One query; those whose days nobody has looked at yet are counted from their
    working hours, holidays and time off, with three more.
    """
    numbers = {day.isoformat(): number for number, day in enumerate(days)}
    rows = CapacityDay.objects.filter(among(ids, people), on_days(days))
    found: dict[int, tuple[Row, Row]] = {
        pk: (nothing(days), nothing(days)) for pk in ids
    }
    values = rows.order_by().values_list("person_id", DAY, FREE, CLEAR)
    for person, day, free, clear in values.iterator(chunk_size=CHUNK):
        number = numbers.get(day)
        if number is not None and person in found:
            found[person][0][number], found[person][1][number] = free, clear
    unknown = [pk for pk, (free, _clear) in found.items() if None in free]
    known = from_the_facts(unknown, days)
    return {
        pk: hours_of_person(pk, days, both, known.get(pk, {}), standing)
        for pk, both in found.items()
    }


def nothing(days: Sequence[date]) -> Row:
    """Return a row for days of which nothing is known yet."""
    return [None] * len(days)


def on_days(days: Sequence[date]) -> Q:
    """Return the condition for these days; of many, from the first to the last."""
    if not days:
        return Q(pk__in=[])
    if len(days) <= MOST_NAMED:
        return Q(day__in=days)
    return Q(day__range=(days[0], days[-1]))


def hours_of_person(
    pk: int,
    days: Sequence[date],
    both: tuple[Row, Row],
    known: Mapping[date, int],
    standing: Standing,
) -> Hours:
    """Return the hours of a person, days without a row from the facts."""
    free, clear = [
        [
            known.get(day, 0) if one is None else one
            for day, one in zip(days, row, strict=True)
        ]
        for row in both
    ]
    for number, day in enumerate(days):
        hard = standing.hard.get((pk, day), 0)
        free[number] += hard
        clear[number] += hard + standing.soft.get((pk, day), 0)
    return Hours(free, clear)


def from_the_facts(
    ids: Iterable[int], days: Sequence[date]
) -> dict[int, dict[date, int]]:
    """Return the quarters that these people can work; nothing is booked there yet."""
    unknown = list(ids)
    if not unknown or not days:
        return {}
    people = User.objects.filter(pk__in=unknown)
    found = capacities(people, Span(days[0], days[-1]))
    return {
        pk: {day: quarters(one.hours) for day, one in by_day.items()}
        for pk, by_day in found.items()
    }
