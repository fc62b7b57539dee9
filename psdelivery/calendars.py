"""One way to count: zones, working days, holidays and due moments.

Pure functions: no clock, no settings, no database. What is remembered between
calls (days off of a year, names of zones) follows from the installed tables
alone, so it never goes stale while a process lives.
"""

import re
import warnings
from calendar import isleap
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import holidays
from holidays.registry import COUNTRIES

ONE_DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
SATURDAY = 5
HOURS_PER_DAY = 24

# Days that a form may accept. Farther off, holidays are guesses and the last
# days of the calendar are near enough for a sum to run past them.
EARLIEST_DAY = date(2000, 1, 1)
LATEST_DAY = date(2099, 12, 31)

# Ten years: more is a slip of the keyboard, not a plan.
LONGEST_DAYS = 3_660

AREAS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


class OffsetUnit(StrEnum):
    DAYS = "days"
    BUSINESS_DAYS = "business_days"
    HOURS = "hours"
    BUSINESS_HOURS = "business_hours"

    @property
    def gives_day(self) -> bool:
        """Whether the result is a whole day rather than a moment."""
        return self in (OffsetUnit.DAYS, OffsetUnit.BUSINESS_DAYS)


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
        if abs(self.value) > limit:
            raise ValueError(f"offset out of range: {self.value} {self.unit}")

    @classmethod
    def parse(cls, text: str) -> "Offset":
        """Read "-5 business days", "72 business hours", "1 day"."""
        match = re.fullmatch(
            r"([+-]?[0-9]{1,6}) (business )?(day|hour)s?", text.strip()
        )
        if not match:
            raise ValueError(f"not an offset: {text!r}")
        value, business, unit = match.groups()
        prefix = "business_" if business else ""
        return cls(int(value), OffsetUnit(f"{prefix}{unit}s"))

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
    return day not in _days_off(country, subdivision, day.year)


def weekend_of(country: str) -> frozenset[int]:
    """Return the weekly days off, Monday = 0; Saturday and Sunday where unknown."""
    if not country_exists(country):
        return frozenset({SATURDAY, SATURDAY + 1})
    return _weekend(country.upper())


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

    Days and business days give a day, met until its end. Hours give a moment,
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


def country_exists(code: str) -> bool:
    """Whether there is a table of holidays for this two-letter code."""
    return code.upper() in _countries()


def subdivision_exists(country: str, code: str) -> bool:
    """Whether the country has this subdivision in its table."""
    return country_exists(country) and code.upper() in _subdivisions(country.upper())


def subdivision_choices(country: str) -> list[tuple[str, str]]:
    """Return code and name of each subdivision of the country, by name."""
    if not country_exists(country):
        return []
    names = holidays.country_holidays(country.upper()).get_subdivision_aliases()
    entries = [(code, (names[code] or [code])[0]) for code in names]
    return sorted(entries, key=lambda entry: entry[1])


def zone_exists(name: str) -> bool:
    """Whether `name` is a zone of the installed tables."""
    return name in _zones()


@lru_cache(maxsize=1)
def zone_choices() -> tuple[tuple[str, str], ...]:
    """Return the zones to offer: places, and UTC; no abbreviations."""
    places = sorted(name for name in _zones() if name.partition("/")[0] in AREAS)
    return tuple((name, name.replace("_", " ")) for name in ["UTC", *places])


@lru_cache(maxsize=1)
def country_choices() -> tuple[tuple[str, str], ...]:
    """Return code and English name of each country, by name."""
    return tuple(sorted(_countries().items(), key=lambda entry: entry[1]))


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    return {
        codes[1]: re.sub(r"\b(And|Of|The)\b", _lower, key.replace("_", " ").title())
        for key, codes in COUNTRIES.items()
    }


def _lower(match: re.Match[str]) -> str:
    return match.group().lower()


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    # The rest depends on the machine (localtime) or is no place (Factory).
    return frozenset(
        name
        for name in available_timezones()
        if name not in ("Factory", "localtime") and not name.startswith("build/")
    )


@lru_cache(maxsize=512)
def _subdivisions(country: str) -> dict[str, str]:
    # By capital letters: the tables write some codes in small ones.
    codes = holidays.country_holidays(country).subdivisions
    return {code.upper(): code for code in codes}


@lru_cache(maxsize=512)
def _weekend(country: str) -> frozenset[int]:
    # Of a late year: some countries have changed theirs, and tables know when.
    table = holidays.country_holidays(country, years=LATEST_DAY.year)
    return frozenset(table.weekend)


@lru_cache(maxsize=4096)
def _days_off(country: str, subdivision: str, year: int) -> frozenset[date]:
    known = _subdivisions(country).get(subdivision)
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range(366 if isleap(year) else 365)]
    with warnings.catch_warnings():
        # For years beyond its table, which then hold weekends alone.
        warnings.filterwarnings("ignore", message="Requested Holidays")
        table = holidays.country_holidays(country, subdiv=known)
        return frozenset(day for day in days if not table.is_working_day(day))
