"""Decisions about conflicts that facts have opened (R-6)."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from psdelivery.calendars import (
    Calendar,
    add_business_days,
    working_day_on_or_before,
)
from psdelivery.people.models import User
from psdelivery.registry import Reason
from scheduling.choices import ConflictState
from scheduling.models import ConflictCase
from scheduling.rules.booking import reasons_against_person

ONE_DAY = timedelta(days=1)


def decision_day(first_day: date, today: date, days: int, calendar: Calendar) -> date:
    """R-6: return the day by which a conflict is decided.

    The usual time of an answer (domain.md, section 3), but no later than the working
    day before the first booked day that is gone; today where that has come.
    """
    usual = add_business_days(today, days, calendar)
    before = working_day_on_or_before(first_day - ONE_DAY, calendar)
    return max(today, min(usual, before))


def is_settled(
    booked: Mapping[date, Decimal], overbooked: Iterable[date], case: ConflictCase
) -> bool:
    """R-6: whether none of the case's days is both booked and over its capacity."""
    span = {day for day in overbooked if case.starts_on <= day <= case.ends_on}
    return not span & set(booked)


def reasons_against_resolving(case: ConflictCase) -> list[Reason]:
    """A conflict is decided once."""
    if case.state == ConflictState.OPEN:
        return []
    sentence = _("This conflict was resolved meanwhile: %(resolution)s")
    return [Reason("resolved", sentence % {"resolution": case.resolution})]


def reasons_against_standing_in(person: User, other: User | None) -> list[Reason]:
    """Days go to somebody else, who works here."""
    if other is None:
        return [Reason("nobody", _("Choose who takes the days."))]
    if other == person:
        return [Reason("same", _("Choose somebody else."))]
    return reasons_against_person(other)


def made_up(
    gone: Mapping[int, Mapping[date, Decimal]], free: Mapping[date, Decimal]
) -> dict[int, dict[date, Decimal]]:
    """Return the next free days on which each booking gets its lost hours back.

    `gone` are the hours by booking and day, `free` what each day to choose has. Hours
    of a day stay together; a booking gets nothing where they do not all find a day.
    """
    left = dict(free)
    return {key: _made_up(days, left) for key, days in gone.items()}


def _made_up(
    days: Mapping[date, Decimal], left: dict[date, Decimal]
) -> dict[date, Decimal]:
    found: dict[date, Decimal] = {}
    for _day, hours in sorted(days.items()):
        fitting = (day for day in sorted(left) if left[day] >= hours)
        chosen = next(fitting, None)
        if chosen is None:
            return {}
        found[chosen] = found.get(chosen, Decimal(0)) + hours
        left[chosen] -= hours
    return found
