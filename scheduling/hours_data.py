"""The hours that somebody worked, for them to have."""

from typing import Any

from psdelivery.people.models import User
from psdelivery.people.personal_data import register_personal_data, rows
from scheduling.models import HoursEntry

FIELDS = ("part__engagement__title", "part__state", "day", "hours", "note")


def hours_of(person: User) -> list[dict[str, Any]]:
    """Return the hours of a person, day by day, with their notes."""
    entries = HoursEntry.objects.filter(part__week__person=person).order_by("day", "pk")
    return rows(entries.values(*FIELDS))


def register_hours_data() -> None:
    """Tell what weeks of hours hold on people."""
    register_personal_data(User, "actual_hours", hours_of)
