"""Why somebody has not all that is asked for: who, when and what stands there."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from psdelivery.people.models import User
from scheduling.capacity_facts import Span, capacities
from scheduling.choices import DayOff, Hold
from scheduling.models import Allocation, AllocationDay
from scheduling.rules.capacity import DayCapacity
from scheduling.rules.demand import Demand
from scheduling.rules.matching import USUAL_QUARTERS, Candidate
from scheduling.words import days_text, plain_hours


@dataclass(frozen=True)
class Obstacle:
    """What stands on some of the days: when, what, and where to look at it."""

    days: str
    what: str
    url: str = ""
    is_soft: bool = False


def obstacles_of(demand: Demand, focus: Candidate) -> list[Obstacle]:
    """Return what keeps somebody from the days asked for; six queries at most."""
    tight = tight_days(demand, focus)
    if not tight:
        return []
    person = User.objects.get(pk=focus.pk)
    known = capacities([person], Span(tight[0], tight[-1]))[person.pk]
    bookings = bookings_on(person, tight)
    taken = {day for days in bookings.values() for day in days}
    return [
        *obstacles_of_facts({day: known[day] for day in tight}, taken, demand.days),
        *(
            obstacle_of(allocation, days, demand.days)
            for allocation, days in bookings.items()
        ),
    ]


def tight_days(demand: Demand, focus: Candidate) -> list[date]:
    """Return the days on which somebody has less than is asked for."""
    least = demand.per_day or USUAL_QUARTERS
    pairs = zip(demand.days, focus.hours.clear, strict=True)
    return [day for day, clear in pairs if clear < least]


def bookings_on(
    person: User, days: Sequence[date]
) -> dict[Allocation, dict[date, Decimal]]:
    """Return what is booked, held or offered of somebody on these days."""
    rows = AllocationDay.objects.filter(person=person, day__in=days).select_related(
        "allocation__engagement__customer",
        "allocation__placed_by",
        "allocation__request__requested_by",
    )
    found: dict[Allocation, dict[date, Decimal]] = defaultdict(dict)
    for row in rows.order_by("day", "allocation_id"):
        found[row.allocation][row.day] = row.hours
    return found


def obstacles_of_facts(
    known: dict[date, DayCapacity], taken: Iterable[date], among: Sequence[date]
) -> list[Obstacle]:
    """Return days off, and days that are short although nothing is booked there."""
    booked = set(taken)
    by_cause: dict[str, list[date]] = defaultdict(list)
    for day, capacity in known.items():
        if capacity.off:
            by_cause[str(DayOff(capacity.off).label)].append(day)
        elif day not in booked:
            hours = plain_hours(capacity.hours)
            by_cause[_("works %(hours)s hours") % {"hours": hours}].append(day)
    return [Obstacle(days_text(days, among), cause) for cause, days in by_cause.items()]


def obstacle_of(
    allocation: Allocation, days: dict[date, Decimal], among: Sequence[date]
) -> Obstacle:
    """Return a booking as an obstacle: how firm, for what, how long, and by whom."""
    sentence = _("%(hold)s, %(hours)s hours for %(what)s")
    words: dict[str, object] = {
        "hold": allocation.get_hold_display(),
        "hours": plain_hours(sum(days.values(), Decimal())),
        "what": allocation.engagement or allocation.task or _("an inquiry"),
    }
    who = asked_by(allocation)
    if who is not None:
        sentence, words["who"] = (
            _("%(hold)s, %(hours)s hours for %(what)s, %(who)s"),
            who,
        )
    return Obstacle(
        days_text(list(days), among),
        sentence % words,
        allocation.get_absolute_url(),
        is_soft=allocation.hold != Hold.HARD,
    )


def asked_by(allocation: Allocation) -> User | None:
    """Return who asked for a booking; without a request who placed it."""
    if allocation.request is not None:
        return allocation.request.requested_by
    return allocation.placed_by
