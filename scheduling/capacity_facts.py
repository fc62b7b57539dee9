"""Read what decides over the days of people: four queries for any number of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from psdelivery.people.models import TimeOff, User, WorkingHours
from psdelivery.people.rules.hours import LONGEST_DAY, hours_on
from scheduling.choices import ExtraDayState
from scheduling.models import ExtraDay
from scheduling.rules.capacity import DayCapacity, DayFacts, capacity_of

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """Days from … to …, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        count = (self.last - self.first).days + 1
        return [self.first + ONE_DAY * n for n in range(count)]


def capacities(
    people: Iterable[User], span: Span
) -> dict[int, dict[date, DayCapacity]]:
    """Return what each person can work on each day of the span; three queries."""
    asked = list(people)
    ids = [person.pk for person in asked]
    hours = _hours_by_person(ids)
    away = _away_by_person(ids, span)
    extra = _extra_by_person(ids, span)
    return {
        person.pk: _days_of(
            person, span, hours[person.pk], away[person.pk], extra[person.pk]
        )
        for person in asked
    }


def _days_of(
    person: User,
    span: Span,
    hours: list[WorkingHours],
    away: Mapping[date, Decimal],
    extra: Mapping[date, Decimal],
) -> dict[date, DayCapacity]:
    calendar = person.calendar
    return {
        day: capacity_of(
            day,
            DayFacts(
                week=hours_on(hours, day, person.country),
                away=away.get(day),
                extra=extra.get(day, Decimal(0)),
                has_left=not person.is_active,
            ),
            calendar,
        )
        for day in span.days
    }


def _hours_by_person(ids: list[int]) -> dict[int, list[WorkingHours]]:
    found: dict[int, list[WorkingHours]] = defaultdict(list)
    for row in WorkingHours.objects.filter(person_id__in=ids):
        found[row.person_id].append(row)
    return found


def _away_by_person(ids: list[int], span: Span) -> dict[int, dict[date, Decimal]]:
    found: dict[int, dict[date, Decimal]] = defaultdict(dict)
    rows = TimeOff.objects.counting().filter(
        person_id__in=ids, starts_on__lte=span.last, ends_on__gte=span.first
    )
    for row in rows:
        first, last = max(row.starts_on, span.first), min(row.ends_on, span.last)
        taken = found[row.person_id]
        for day in Span(first, last).days:
            hours = LONGEST_DAY if row.hours_per_day is None else row.hours_per_day
            taken[day] = min(taken.get(day, Decimal(0)) + hours, LONGEST_DAY)
    return found


def _extra_by_person(ids: list[int], span: Span) -> dict[int, dict[date, Decimal]]:
    found: dict[int, dict[date, Decimal]] = defaultdict(dict)
    rows = ExtraDay.objects.filter(
        person_id__in=ids,
        day__range=(span.first, span.last),
        state=ExtraDayState.AGREED,
    )
    for person_id, day, hours in rows.values_list("person_id", "day", "hours"):
        found[person_id][day] = hours
    return found
