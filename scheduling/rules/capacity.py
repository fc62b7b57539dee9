"""How much somebody can work on a day, and what fits into it (R-6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from psdelivery.calendars import Calendar, is_plannable, is_working_day, weekend_of
from psdelivery.people.moments import day_text
from psdelivery.people.rules.hours import LONGEST_DAY, QUARTER
from psdelivery.registry import Reason
from scheduling.choices import DayOff
from scheduling.models import CapacityDay

NOTHING = Decimal(0)
OVERBOOKED = "overbooked"
# Two years of days in one booking; more is a slip of the keyboard.
MOST_DAYS = 731


@dataclass(frozen=True)
class DayCapacity:
    """Hours that somebody can work on a day; `off` says why there are none."""

    hours: Decimal
    off: str = DayOff.NONE


@dataclass(frozen=True, kw_only=True)
class DayFacts:
    """What decides over a day of a person.

    `week` is the hours Monday to Sunday that hold on that day, `away` the hours that
    time off takes (None: none, LONGEST_DAY: the whole day), `extra` what was agreed on
    top of it.
    """

    week: Sequence[Decimal]
    away: Decimal | None = None
    extra: Decimal = NOTHING
    has_left: bool = False


def capacity_of(day: date, facts: DayFacts, calendar: Calendar) -> DayCapacity:
    """R-6: return what a person can work on a day of the own calendar.

    Working hours, less public holidays and time off, and agreed extra hours on top
    (domain.md, section 3). Facts come first: who is away all day works no extra.
    """
    if facts.has_left:
        return DayCapacity(NOTHING, DayOff.LEFT)
    usual = facts.week[day.weekday()]
    if facts.away is not None and facts.away >= max(usual, QUARTER):
        return DayCapacity(NOTHING, DayOff.AWAY)
    off = DayOff.NONE
    if is_public_holiday(day, calendar):
        usual, off = NOTHING, DayOff.HOLIDAY
    elif not usual:
        off = DayOff.WEEKEND
    hours = min(usual - (facts.away or NOTHING) + facts.extra, LONGEST_DAY)
    hours = max(hours, NOTHING)
    return DayCapacity(hours, DayOff.NONE if hours else off)


def is_public_holiday(day: date, calendar: Calendar) -> bool:
    """Whether it is a day off that is not one of each week."""
    is_weekly = day.weekday() in weekend_of(calendar.country)
    return not is_weekly and not is_working_day(day, calendar)


def reasons_against_hours_of_days(days: Mapping[date, Decimal]) -> list[Reason]:
    """Return what is wrong with the days of a booking themselves."""
    if not days:
        sentence = _("There is no day to work on in this range.")
        return [Reason("no-days", sentence)]
    if len(days) > MOST_DAYS or (max(days) - min(days)).days > MOST_DAYS:
        return [Reason("too-long", _("Book two years at most at a time."))]
    if not (is_plannable(min(days)) and is_plannable(max(days))):
        return [Reason("day-far", _("Choose days between 2000 and 2099."))]
    if any(hours <= 0 or hours > LONGEST_DAY for hours in days.values()):
        return [Reason("hours", _("A day has more than 0 and up to 24 hours."))]
    if any(hours % QUARTER for hours in days.values()):
        return [Reason("quarter", _("Hours are counted in quarters: 7.25, 7.5, 7.75."))]
    return []


def reasons_against_overbooking(
    rows: Iterable[CapacityDay],
    wanted: Mapping[tuple[int, date], Decimal],
    standing: Mapping[tuple[int, date], Decimal],
) -> list[Reason]:
    """R-6: a hard booking never exceeds what a day of the person has.

    `wanted` are the hard hours to be booked by person and day, `standing` those that
    the same booking has there already: less or as much is no enlargement, and stays
    whatever became of the day. The rows are locked (domain.md, section 3).
    """
    tight = [
        row
        for row in rows
        if not fits(row, wanted, standing) and (row.person_id, row.day) in wanted
    ]
    return [_too_much(row, wanted, standing) for row in tight]


def fits(
    row: CapacityDay,
    wanted: Mapping[tuple[int, date], Decimal],
    standing: Mapping[tuple[int, date], Decimal],
) -> bool:
    """R-6 for one day, as a yes or no."""
    key = (row.person_id, row.day)
    more = wanted.get(key, NOTHING) - standing.get(key, NOTHING)
    return more <= 0 or row.hard + more <= row.capacity


def _too_much(
    row: CapacityDay,
    wanted: Mapping[tuple[int, date], Decimal],
    standing: Mapping[tuple[int, date], Decimal],
) -> Reason:
    key = (row.person_id, row.day)
    free = max(row.capacity - row.hard + standing.get(key, NOTHING), NOTHING)
    if row.off:
        sentence = _("%(day)s: %(off)s.")
        said = sentence % {"day": day_text(row.day), "off": DayOff(row.off).label}
        return Reason(OVERBOOKED, said)
    sentence = _("%(day)s: %(free)s of %(capacity)s hours are free.")
    return Reason(
        OVERBOOKED,
        sentence
        % {
            "day": day_text(row.day),
            "free": f"{free.normalize():f}",
            "capacity": f"{row.capacity.normalize():f}",
        },
    )
