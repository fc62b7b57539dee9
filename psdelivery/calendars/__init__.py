"""One way to count: zones, working days, holidays and due moments.

Pure functions: no clock, no settings, no database. Countries, zones and days off
come from `tables.py`.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from psdelivery.calendars.tables import LATEST_DAY as LATEST_DAY
from psdelivery.calendars.tables import country_choices as country_choices
from psdelivery.calendars.tables import country_exists as country_exists
from psdelivery.calendars.tables import days_off, weekend_days
from psdelivery.calendars.tables import subdivision_choices as subdivision_choices
from psdelivery.calendars.tables import subdivision_exists as subdivision_exists
from psdelivery.calendars.tables import zone_choices as zone_choices
from psdelivery.calendars.tables import zone_exists as zone_exists

ONE_DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
SATURDAY = 5
HOURS_PER_DAY = 24
DAYS_PER_WEEK = 7

# Days that a form may accept. Farther off, holidays are guesses and the last
# days of the calendar are near enough for a sum to run past them.
EARLIEST_DAY = date(2000, 1, 1)

# Ten years: more is a slip of the keyboard, not a plan.
LONGEST_DAYS = 3_660


class OffsetUnit(StrEnum):
    DAYS = "days"
    BUSINESS_DAYS = "business_days"
    HOURS = "hours"
    BUSINESS_HOURS = "business_hours"
    MONDAYS = "mondays"
    TUESDAYS = "tuesdays"
    WEDNESDAYS = "wednesdays"
    THURSDAYS = "thursdays"
    FRIDAYS = "fridays"
    SATURDAYS = "saturdays"
    SUNDAYS = "sundays"

    @property
    def gives_day(self) -> bool:
        """Whether the result is a whole day rather than a moment."""
        return self not in (OffsetUnit.HOURS, OffsetUnit.BUSINESS_HOURS)

    @property
    def weekday(self) -> int | None:
        """The day of the week that is counted, Monday = 0; None for other units."""
        return WEEKDAYS.index(self) if self in WEEKDAYS else None


WEEKDAYS = (
    OffsetUnit.MONDAYS,
    OffsetUnit.TUESDAYS,
    OffsetUnit.WEDNESDAYS,
    OffsetUnit.THURSDAYS,
    OffsetUnit.FRIDAYS,
    OffsetUnit.SATURDAYS,
    OffsetUnit.SUNDAYS,
)


# Without the last letter: "business day", "thursday".
NAMES_OF_UNITS = "|".join(unit[:-1].replace("_", " ") for unit in OffsetUnit)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A zone with the working week and public holidays of a country.

    Without a country, or with one that nobody keeps a table of, the week is
    Monday to Friday and there are no holidays. A subdivision that the country
    does not have is left out of account.
    """

    zone: str
    country: str = ""
    subdivision: str = ""


@dataclass(frozen=True, slots=True)
class Offset:
    """How far from an anchor; negative is before it."""

    value: int
    unit: OffsetUnit

    def __post_init__(self) -> None:
        limit = LONGEST_DAYS * (1 if self.unit.gives_day else HOURS_PER_DAY)
        if self.unit.weekday is not None:
            limit //= DAYS_PER_WEEK
        if abs(self.value) > limit:
            raise ValueError(f"offset out of range: {self.value} {self.unit}")

    @classmethod
    def parse(cls, text: str) -> "Offset":
        """Read "-5 business days", "72 business hours", "1 day", "2 Thursdays"."""
        pattern = rf"([+-]?[0-9]{{1,6}}) ({NAMES_OF_UNITS})s?"
        match = re.fullmatch(pattern, text.strip(), re.IGNORECASE)
        if not match:
            raise ValueError(f"not an offset: {text!r}")
        value, unit = match.groups()
        return cls(int(value), OffsetUnit(f"{unit.lower().replace(' ', '_')}s"))

    def __str__(self) -> str:
        return f"{self.value} {self.unit.replace('_', ' ')}"


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline: the moment it passes, and how people say it.

    With `is_day` the deadline is met until the end of the local `day`, and
    `at` is the midnight that ends it.
    """

    at: datetime
    is_day: bool
    day: date
    zone: str

    @property
    def local(self) -> datetime:
        """`at` as the clock in the calendar's zone shows it."""
        return self.at.astimezone(ZoneInfo(self.zone))


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Whether people of this calendar work on `day`.

    Follows the country's weekend (Friday and Saturday in some), its observed
    holidays and its working Saturdays, where the table tells.
    """
    if not country_exists(calendar.country):
        return day.weekday() < SATURDAY
    country, subdivision = calendar.country.upper(), calendar.subdivision.upper()
    return day not in days_off(country, subdivision, day.year)


def weekend_of(country: str) -> frozenset[int]:
    """Return the weekly days off, Monday = 0; Saturday and Sunday where unknown."""
    if not country_exists(country):
        return frozenset({SATURDAY, SATURDAY + 1})
    return weekend_days(country.upper())


def working_day_on_or_after(day: date, calendar: Calendar) -> date:
    """Return `day`, or the next working day when it is a day off."""
    while not is_working_day(day, calendar):
        day += ONE_DAY
    return day


def working_day_on_or_before(day: date, calendar: Calendar) -> date:
    """Return `day`, or the last working day before it when it is a day off."""
    while not is_working_day(day, calendar):
        day -= ONE_DAY
    return day


def add_business_days(day: date, count: int, calendar: Calendar) -> date:
    """Count working days from `day`, back when `count` is negative.

    From a day off, counting starts as if the next working day were the anchor;
    backwards, as if the one before were.
    """
    if count < 0:
        day = working_day_on_or_before(day, calendar)
        for _ in range(-count):
            day = working_day_on_or_before(day - ONE_DAY, calendar)
        return day
    day = working_day_on_or_after(day, calendar)
    for _ in range(count):
        day = working_day_on_or_after(day + ONE_DAY, calendar)
    return day


def nth_weekday(day: date, count: int, weekday: int) -> date:
    """Return the nth such day of the week after `day`, back when it is negative.

    0 is the first on `day` or after it. Monday is 0.
    """
    if count < 0:
        before = (day.weekday() - weekday - 1) % DAYS_PER_WEEK + 1
        return day - timedelta(days=before + (-count - 1) * DAYS_PER_WEEK)
    if count == 0:
        return day + timedelta(days=(weekday - day.weekday()) % DAYS_PER_WEEK)
    after = (weekday - day.weekday() - 1) % DAYS_PER_WEEK + 1
    return day + timedelta(days=after + (count - 1) * DAYS_PER_WEEK)


def worked_on_in_its_week(day: date, calendar: Calendar) -> date:
    """Return `day`, or the working day before it in its week where it is a day off.

    What is due each Thursday is due on the Wednesday before Ascension Day. In a week
    without a working day until then it stays where it is.
    """
    days = [day - timedelta(days=n) for n in range(day.weekday() + 1)]
    return next((one for one in days if is_working_day(one, calendar)), day)


def is_plannable(day: date) -> bool:
    """Whether a form may accept `day`."""
    return EARLIEST_DAY <= day <= LATEST_DAY


def local_moment(day: date, clock: time, zone: str) -> datetime:
    """Return the moment, in UTC, at which clocks in `zone` show this time.

    A time that occurs twice is taken at its first occurrence, unless `clock`
    says otherwise by its fold. A time that clocks skip is taken at the end of
    the skipped span, so that later times never give earlier moments.
    """
    info = ZoneInfo(zone)
    shown = datetime.combine(day, clock.replace(tzinfo=None))
    moment = shown.replace(tzinfo=info).astimezone(UTC)
    if moment.astimezone(info).replace(tzinfo=None) == shown:
        return moment
    return _end_of_gap(shown, info)


def end_of_day(day: date, zone: str) -> datetime:
    """Return the local midnight that ends `day`, in UTC."""
    return local_moment(day + ONE_DAY, time(), zone)


def due_moment(anchor: date | datetime, offset: Offset, calendar: Calendar) -> Due:
    """Return the deadline that lies `offset` from `anchor`.

    Days and business days give a day, met until its end; so do days of the week, of
    which a day off gives way to the working day before it. Hours give a moment,
    counted in elapsed time. Business hours run around the clock on working
    days only: 24 of them are one business day, at the same local hour; what
    remains after whole days is counted on, skipping days off.

    A moment as anchor is read in the calendar's zone. A day as anchor counts
    hours from its beginning.
    """
    if offset.unit == OffsetUnit.HOURS:
        start = _local_start(anchor, calendar.zone).astimezone(UTC)
        return _moment_due(start + timedelta(hours=offset.value), calendar.zone)
    if offset.unit == OffsetUnit.BUSINESS_HOURS:
        start = _local_start(anchor, calendar.zone)
        if offset.value < 0:
            return _business_hours_before(start, -offset.value, calendar)
        return _business_hours_after(start, offset.value, calendar)
    day = _local_day(anchor, calendar.zone)
    if offset.unit == OffsetUnit.DAYS:
        return _day_due(day + timedelta(days=offset.value), calendar.zone)
    if offset.unit.weekday is not None:
        day = nth_weekday(day, offset.value, offset.unit.weekday)
        return _day_due(worked_on_in_its_week(day, calendar), calendar.zone)
    return _day_due(add_business_days(day, offset.value, calendar), calendar.zone)


def _business_hours_after(start: datetime, hours: int, calendar: Calendar) -> Due:
    days, rest = divmod(hours, HOURS_PER_DAY)
    first = working_day_on_or_after(start.date(), calendar)
    clock = start.timetz() if first == start.date() else time()
    day = add_business_days(first, days, calendar)
    moment = local_moment(day, clock, calendar.zone)
    return _moment_due(
        _spend_forward(moment, timedelta(hours=rest), calendar), calendar.zone
    )


def _business_hours_before(start: datetime, hours: int, calendar: Calendar) -> Due:
    days, rest = divmod(hours, HOURS_PER_DAY)
    last = working_day_on_or_before(start.date(), calendar)
    day = add_business_days(last, -days, calendar)
    if last == start.date():
        moment = local_moment(day, start.timetz(), calendar.zone)
    elif rest == 0:
        # The end of a working day, which is better said as that day than as
        # midnight of the day off after it.
        return _day_due(day, calendar.zone)
    else:
        moment = end_of_day(day, calendar.zone)
    return _moment_due(
        _spend_backward(moment, timedelta(hours=rest), calendar), calendar.zone
    )


def _spend_forward(moment: datetime, rest: timedelta, calendar: Calendar) -> datetime:
    while rest:
        day = _local_day(moment, calendar.zone)
        end = end_of_day(day, calendar.zone)
        if moment + rest < end:
            return moment + rest
        rest -= end - moment
        day = working_day_on_or_after(day + ONE_DAY, calendar)
        moment = local_moment(day, time(), calendar.zone)
    return moment


def _spend_backward(moment: datetime, rest: timedelta, calendar: Calendar) -> datetime:
    while rest:
        day = _local_day(moment - INSTANT, calendar.zone)
        if not is_working_day(day, calendar):
            day = working_day_on_or_before(day, calendar)
            moment = end_of_day(day, calendar.zone)
        begin = local_moment(day, time(), calendar.zone)
        if moment - rest >= begin:
            return moment - rest
        rest -= moment - begin
        moment = begin
    return moment


def _day_due(day: date, zone: str) -> Due:
    return Due(at=end_of_day(day, zone), is_day=True, day=day, zone=zone)


def _moment_due(moment: datetime, zone: str) -> Due:
    return Due(at=moment, is_day=False, day=_local_day(moment, zone), zone=zone)


def _local_day(anchor: date | datetime, zone: str) -> date:
    if isinstance(anchor, datetime):
        return _local_start(anchor, zone).date()
    return anchor


def _local_start(anchor: date | datetime, zone: str) -> datetime:
    if not isinstance(anchor, datetime):
        anchor = local_moment(anchor, time(), zone)
    if anchor.utcoffset() is None:
        raise ValueError("an anchor needs a zone")
    return anchor.astimezone(ZoneInfo(zone))


def _end_of_gap(shown: datetime, info: ZoneInfo) -> datetime:
    # Read with the offset after the change, a skipped time lies before the
    # change; read with the one before, after it. Halve what lies between.
    early = shown.replace(tzinfo=info, fold=1).astimezone(UTC)
    late = shown.replace(tzinfo=info, fold=0).astimezone(UTC)
    before = early.astimezone(info).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle.astimezone(info).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late
