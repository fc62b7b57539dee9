"""The days of people: made, locked, counted and made anew when facts change (R-6)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, Sum

from psdelivery.people.models import User
from scheduling.capacity_facts import Span, capacities
from scheduling.choices import Hold
from scheduling.models import AllocationDay, CapacityDay

Key = tuple[int, date]
BATCH = 2_000


def lock_days(keys: Collection[Key]) -> dict[Key, CapacityDay]:
    """R-6: return these days of these people, locked in the order person, day.

    Inside the caller's transaction. Days beyond the horizon are made first.
    """
    if not keys:
        return {}
    ensure_days(keys)
    # By the column: ordering by the person would join, and lock, the people too.
    rows = CapacityDay.objects.select_for_update(of=("self",)).filter(_among(keys))
    ordered = rows.order_by("person_id", "day")
    found = {(row.person_id, row.day): row for row in ordered}
    return {key: found[key] for key in sorted(keys)}


def ensure_days(keys: Collection[Key]) -> None:
    """Make the rows of days that nobody has looked at yet."""
    stored = set(
        CapacityDay.objects.filter(_among(keys)).values_list("person_id", "day")
    )
    missing = set(keys) - stored
    if missing:
        make_days(missing)


def make_days(keys: Collection[Key]) -> None:
    """Make rows for days that have none, with the capacity as the facts are now.

    The people are locked, so that time off entered meanwhile waits and sees the rows.
    """
    ids = {person_id for person_id, _day in keys}
    people = list(
        User.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=ids)
        .order_by("pk")
    )
    span = Span(min(day for _id, day in keys), max(day for _id, day in keys))
    known = capacities(people, span)
    CapacityDay.objects.bulk_create(
        [
            CapacityDay(
                person_id=person_id,
                day=day,
                capacity=known[person_id][day].hours,
                off=known[person_id][day].off,
            )
            for person_id, day in sorted(keys)
        ],
        ignore_conflicts=True,
        batch_size=BATCH,
    )


def count_again(rows: Mapping[Key, CapacityDay]) -> None:
    """Write what is booked on locked days, from the bookings themselves.

    R-6: a day that is over its capacity stays marked only while a fact left it so;
    booking never sets the mark, which the constraint of the table holds.
    """
    sums = booked_hours(rows.keys())
    for key, row in rows.items():
        row.hard, row.soft = sums.get(key, (Decimal(0), Decimal(0)))
        row.overbooked = row.overbooked and row.hard > row.capacity
    CapacityDay.objects.bulk_update(
        rows.values(), ["hard", "soft", "overbooked"], batch_size=500
    )


def booked_hours(keys: Collection[Key]) -> dict[Key, tuple[Decimal, Decimal]]:
    """Return hard and tentative hours by person and day."""
    if not keys:
        return {}
    found: dict[Key, dict[bool, Decimal]] = defaultdict(
        lambda: {True: Decimal(0), False: Decimal(0)}
    )
    days = AllocationDay.objects.filter(_among(keys)).order_by()
    for person_id, day, hold, hours in days.values_list(
        "person_id", "day", "hold"
    ).annotate(total=Sum("hours")):
        found[person_id, day][hold == Hold.HARD] += hours
    return {key: (both[True], both[False]) for key, both in found.items()}


@transaction.atomic
def rebuild_days(person: User, span: Span) -> list[CapacityDay]:
    """R-6: write the capacity of a person anew; facts are never refused.

    Only days that have a row are written; the others are made when somebody looks.
    Returns the days that were fine before and are overbooked now.
    """
    rows = list(
        CapacityDay.objects.select_for_update(of=("self",))
        .filter(person=person, day__range=(span.first, span.last))
        .order_by("day")
    )
    known = capacities([person], span)[person.pk]
    changed, newly_over = [], []
    for row in rows:
        is_over = row.hard > known[row.day].hours
        if is_over and not row.overbooked:
            newly_over.append(row)
        if (row.capacity, row.off, row.overbooked) != (
            known[row.day].hours,
            known[row.day].off,
            is_over,
        ):
            row.capacity, row.off = known[row.day].hours, known[row.day].off
            row.overbooked = is_over
            changed.append(row)
    CapacityDay.objects.bulk_update(
        changed, ["capacity", "off", "overbooked"], batch_size=500
    )
    return newly_over


def extend_horizon(people: Iterable[User], span: Span) -> int:
    """Make the rows of these people that the span still lacks; return how many."""
    made = 0
    for person in people:
        with transaction.atomic():
            stored = set(
                CapacityDay.objects.filter(
                    person=person, day__range=(span.first, span.last)
                ).values_list("day", flat=True)
            )
            missing = {(person.pk, day) for day in span.days if day not in stored}
            if missing:
                make_days(missing)
                made += len(missing)
    return made


def _among(keys: Collection[Key]) -> Q:
    """Return the condition for these days: by person, so that the index serves."""
    by_person: dict[int, list[date]] = defaultdict(list)
    for person_id, day in keys:
        by_person[person_id].append(day)
    condition = Q(pk__in=[])
    for person_id, days in by_person.items():
        condition |= Q(person_id=person_id, day__in=days)
    return condition


def free_hours(person: User, first: date, last: date) -> dict[date, Decimal]:
    """Return what a person has free of hard bookings on the days from … to …."""
    span = Span(first, last)
    known = capacities([person], span)[person.pk]
    keys = {(person.pk, day) for day in span.days}
    booked = booked_hours(keys)
    nothing = (Decimal(0), Decimal(0))
    free = {
        day: known[day].hours - booked.get((person.pk, day), nothing)[0]
        for day in span.days
    }
    return {day: hours for day, hours in free.items() if hours > 0}
