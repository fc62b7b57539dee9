"""What is booked of a person on the days of a booking that is being planned."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from psdelivery.people.models import User
from scheduling.capacity_facts import Span
from scheduling.choices import Hold
from scheduling.models import Allocation, AllocationDay
from scheduling.queries.board_rows import loads_of
from scheduling.rules.board import DayLoad
from scheduling.words import plain_hours


def loads_without(
    person: User, days: Sequence[date], stored: Allocation | None
) -> dict[date, DayLoad]:
    """Return capacity and hours of each day, as if `stored` were not booked."""
    if not days:
        return {}
    loads = loads_of([person], Span(days[0], days[-1]))[person.pk]
    if stored is None or stored.person_id != person.pk:
        return loads
    for day, hours in stored.days.values_list("day", "hours"):
        if day in loads:
            name = "hard" if stored.hold == Hold.HARD else "soft"
            present = getattr(loads[day], name)
            loads[day] = replace(loads[day], **{name: present - hours})
    return loads


def others_on(
    person: User, days: Iterable[date], stored: Allocation | None
) -> Mapping[date, list[str]]:
    """Return, by day, what else the person is booked for, in words; one query."""
    rows = AllocationDay.objects.filter(person=person, day__in=list(days))
    if stored is not None:
        rows = rows.exclude(allocation=stored)
    found: dict[date, list[str]] = defaultdict(list)
    shown = rows.select_related(
        "allocation__engagement__customer", "allocation__request"
    )
    for row in shown.order_by("day", "pk"):
        found[row.day].append(booked_words(row))
    return found


def booked_words(row: AllocationDay) -> str:
    """Say for what and how firmly somebody is booked on a day."""
    booking = row.allocation
    what = booking.engagement or (booking.request and booking.request.about)
    hold = row.get_hold_display()
    return f"{what or booking.get_role_display()} ({plain_hours(row.hours)} h, {hold})"
