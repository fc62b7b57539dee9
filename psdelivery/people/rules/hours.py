"""Decisions about working hours: quarter hours, from a day on."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from psdelivery.calendars import weekend_of
from psdelivery.people.choices import WEEKDAYS
from psdelivery.people.models import WorkingHours
from psdelivery.registry import Reason

QUARTER = Decimal("0.25")
LONGEST_DAY = Decimal(24)
USUAL_DAY = Decimal(8)


def reasons_against_hours(hours: Sequence[Decimal]) -> list[Reason]:
    """A day has 0 to 24 hours, in quarters; `hours` are Monday to Sunday."""
    if any(one < 0 or one > LONGEST_DAY for one in hours):
        return [Reason("day", _("A day has 0 to 24 hours."))]
    if any(one % QUARTER for one in hours):
        sentence = _("Hours are counted in quarters: 7.25, 7.5, 7.75.")
        return [Reason("quarter", sentence)]
    return []


def week_sum(hours: Iterable[Decimal]) -> Decimal:
    """Return the hours of a week."""
    return sum(hours, Decimal(0))


def hours_on(rows: Iterable[WorkingHours], day: date, country: str) -> list[Decimal]:
    """Return the week that holds on a day, Monday to Sunday.

    Of the rows that have begun the latest counts. Before the first one, and without
    any, it is eight hours on each working day of the person's country.
    """
    begun = [row for row in rows if row.valid_from <= day]
    if begun:
        return max(begun, key=lambda row: row.valid_from).by_weekday
    return usual_week(country)


def usual_week(country: str) -> list[Decimal]:
    """Return eight hours for each day that is no weekend in the country."""
    weekend = weekend_of(country)
    return [Decimal(0) if day in weekend else USUAL_DAY for day in range(7)]


def may_remove(hours: WorkingHours, today: date) -> bool:
    """Whether hours can be taken back: only before they begin, the rest happened."""
    return hours.valid_from > today


def by_name(hours: Iterable[Decimal]) -> dict[str, Decimal]:
    """Return the hours of a week by the name of the weekday."""
    return dict(zip(WEEKDAYS, hours, strict=True))
