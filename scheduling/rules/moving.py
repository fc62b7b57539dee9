"""Where the days of a booking go when it is moved or gets another end."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from psdelivery.people.moments import day_text
from psdelivery.registry import Reason
from scheduling.choices import Hold
from scheduling.models import Allocation

Days = Mapping[date, Decimal]
Works = Mapping[date, bool]


def moved_days(
    days: Days, first: date, before: Works, after: Works
) -> dict[date, Decimal]:
    """Return the hours of a booking by day when it begins on another day.

    They keep their order and their gaps, counted in the days that were worked on
    `before`, and go to the days that will be worked on `after`: nobody is moved onto
    a holiday. Where those end too soon, the last hours have no day.
    """
    begin, end = min(days), max(days)
    worked = {day for day, is_work in before.items() if is_work and begin <= day <= end}
    order = {day: number for number, day in enumerate(sorted(worked | set(days)))}
    free = [day for day in sorted(after) if day >= first and after[day]]
    return {
        free[order[day]]: hours for day, hours in days.items() if order[day] < len(free)
    }


def stretched_days(
    days: Days, first: date, last: date, works: Works
) -> dict[date, Decimal]:
    """Return the hours of a booking by day when it begins or ends on another day.

    Days within stay as they are, days outside fall away, and new ones that are
    worked on get the hours that most of its days have.
    """
    begin, end, usual = min(days), max(days), usual_hours(days)
    kept = {day: hours for day, hours in days.items() if first <= day <= last}
    added = {
        day: usual
        for day, is_work in works.items()
        if is_work and (first <= day < begin or end < day <= last)
    }
    return kept | added


def usual_hours(days: Days) -> Decimal:
    """Return the hours that most days of a booking have; of equals the more."""
    counts = Counter(days.values())
    return max(counts, key=lambda hours: (counts[hours], hours))


def reasons_against_moving(stored: Allocation) -> list[Reason]:
    """R-7: what is only offered is decided by its requester, and moves with no drag."""
    if stored.hold != Hold.OFFER:
        return []
    request = stored.request
    return [
        Reason(
            "offered",
            _("This is offered to its requester, who has to decide on it first."),
            fix_url=request.get_absolute_url() if request else "",
            fix_label=_("Open the request"),
        )
    ]


def reasons_against_room(days: Days, wanted: Days, first: date) -> list[Reason]:
    """A booking is moved with all its days, or not at all."""
    if len(wanted) == len(days):
        return []
    sentence = _("There are not enough working days from %(day)s on.")
    return [Reason("no-room", sentence % {"day": day_text(first)})]
