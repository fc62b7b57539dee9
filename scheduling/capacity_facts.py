"""Read what decides over the days of people: one query for any number of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import DateField, DecimalField, QuerySet, Value

from psdelivery.people.choices import WEEKDAYS
from psdelivery.people.models import TimeOff, User, WorkingHours
from psdelivery.people.rules.hours import LONGEST_DAY, hours_on
from scheduling.choices import ExtraDayState
from scheduling.models import ExtraDay
from scheduling.rules.capacity import DayCapacity, DayFacts, capacity_of

ONE_DAY = timedelta(days=1)
# Where a row of the one query comes from.
HOURS, AWAY, EXTRA = range(3)
NO_DAY = Value(None, DateField())
NO_HOURS = Value(None, DecimalField(max_digits=4, decimal_places=2))
NO_WEEK = [NO_HOURS] * len(WEEKDAYS)


@dataclass(frozen=True)
class Span:
    """Days from … to …, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        count = (self.last - self.first).days + 1
        return [self.first + ONE_DAY * n for n in range(count)]


@dataclass
class Facts:
    """What decides over the days of one person; hours by day of `away` and `extra`."""

    hours: list[WorkingHours] = field(default_factory=list)
    away: dict[date, Decimal] = field(default_factory=dict)
    extra: dict[date, Decimal] = field(default_factory=dict)

    def take_off(self, days: Iterable[date], hours: Decimal | None) -> None:
        """Note time off: so many hours of each of the days, None for all of them."""
        taken = LONGEST_DAY if hours is None else hours
        for day in days:
            self.away[day] = min(self.away.get(day, Decimal(0)) + taken, LONGEST_DAY)


def capacities(
    people: Iterable[User], span: Span
) -> dict[int, dict[date, DayCapacity]]:
    """Return what each person can work on each day of the span; one query."""
    asked = list(people)
    facts = _facts_by_person([person.pk for person in asked], span)
    return {person.pk: _days_of(person, span, facts[person.pk]) for person in asked}


def _days_of(person: User, span: Span, facts: Facts) -> dict[date, DayCapacity]:
    calendar = person.calendar
    return {
        day: capacity_of(
            day,
            DayFacts(
                week=hours_on(facts.hours, day, person.country),
                away=facts.away.get(day),
                extra=facts.extra.get(day, Decimal(0)),
                has_left=not person.is_active,
            ),
            calendar,
        )
        for day in span.days
    }


def _facts_by_person(ids: Sequence[int], span: Span) -> dict[int, Facts]:
    found: dict[int, Facts] = defaultdict(Facts)
    parts = (_hours_of(ids), _away_of(ids, span), _extra_of(ids, span))
    for part, person, first, last, hours, *week in parts[0].union(*parts[1:], all=True):
        facts = found[person]
        if part == HOURS:
            by_name = dict(zip(WEEKDAYS, week, strict=True))
            facts.hours.append(WorkingHours(valid_from=first, **by_name))
        elif part == AWAY:
            days = Span(max(first, span.first), min(last, span.last)).days
            facts.take_off(days, hours)
        else:
            facts.extra[first] = hours
    return found


def _hours_of(ids: Sequence[int]) -> QuerySet[WorkingHours, Any]:
    """Return working hours as rows: part, person, valid from, –, –, hours of a week."""
    rows = WorkingHours.objects.filter(person_id__in=ids).order_by()
    return rows.values_list(
        Value(HOURS), "person_id", "valid_from", NO_DAY, NO_HOURS, *WEEKDAYS
    )


def _away_of(ids: Sequence[int], span: Span) -> QuerySet[TimeOff, Any]:
    """Return time off as rows: part, person, first and last day, hours, –."""
    rows = TimeOff.objects.counting().filter(
        person_id__in=ids, starts_on__lte=span.last, ends_on__gte=span.first
    )
    return rows.order_by().values_list(
        Value(AWAY), "person_id", "starts_on", "ends_on", "hours_per_day", *NO_WEEK
    )


def _extra_of(ids: Sequence[int], span: Span) -> QuerySet[ExtraDay, Any]:
    """Return agreed extra days as rows: part, person, day, –, hours, –."""
    rows = ExtraDay.objects.filter(
        person_id__in=ids,
        day__range=(span.first, span.last),
        state=ExtraDayState.AGREED,
    )
    return rows.order_by().values_list(
        Value(EXTRA), "person_id", "day", NO_DAY, "hours", *NO_WEEK
    )
