"""Times as the platform writes them, in any of its formats, with or without a zone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from psdelivery.calendars import is_plannable, zone_exists

NOTHING = frozenset({"", "-", "--", "---", "n/a", "na", "null", "none"})
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan",),
            ("feb",),
            ("mar", "mär", "mrz", "mae"),
            ("apr",),
            ("may", "mai"),
            ("jun",),
            ("jul",),
            ("aug",),
            ("sep",),
            ("oct", "okt"),
            ("nov",),
            ("dec", "dez"),
        ),
        start=1,
    )
    for name in names
}
CENTURY = 2000
NOON = 12
# No zone on earth is farther from UTC.
FARTHEST = timedelta(hours=15)

_clock = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
_half = r"(?:\s*(?P<half>[ap])\.?\s*m\.?)?"
_rest = rf"(?:[,T]?\s*{_clock}{_half})\s*(?P<zone>\S.*)?$"
_iso = re.compile(
    rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_rest}", re.I
)
_numbers = re.compile(
    rf"(?P<first>\d{{1,2}})(?P<mark>[/.-])(?P<second_number>\d{{1,2}})[/.-]"
    rf"(?P<year>\d{{4}}|\d{{2}}){_rest}",
    re.I,
)
_month_first = re.compile(
    rf"(?P<name>[^\W\d_]{{3,9}})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+"
    rf"(?P<year>\d{{4}}){_rest}",
    re.I,
)
_day_first = re.compile(
    rf"(?P<day>\d{{1,2}})\.?[\s-]+(?P<name>[^\W\d_]{{3,9}})\.?,?[\s-]+"
    rf"(?P<year>\d{{4}}){_rest}",
    re.I,
)
_offset = re.compile(r"(?:gmt|utc)?\s*([+-])(\d{1,2})(?::?(\d{2}))?(?!\d)", re.I)
_plain_utc = re.compile(r"(?<![\w/])(?:utc|gmt|z)(?![\w/])", re.I)
_names_utc = re.compile(r"(?<![^\W\d_])(?:gmt|utc)(?![^\W\d_])", re.I)
_brackets = re.compile(r"\(([^()]*)\)")
_place = re.compile(r"(?<!\w)[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_+-]+)+")


@dataclass(frozen=True)
class Stamp:
    """A time as it is written. `numbers` are day and month, or month and day.

    `order` is known where the words tell it: "dmy", "mdy", and "ymd" where nothing
    else can be meant; else it is empty. `zone` is one that stands beside the time.
    """

    year: int
    numbers: tuple[int, int]
    order: str
    clock: time
    zone: tzinfo | None

    def day(self, order: str) -> date:
        """Return the day, read in that order where the words do not tell."""
        first, second = self.numbers
        if (self.order or order) == "dmy":
            return date(self.year, second, first)
        return date(self.year, first, second)


def stamp_of(text: str) -> Stamp | None:
    """Return what a cell says; None for an empty one and the dashes of no time.

    Raises ValueError for words that are no time.
    """
    words = " ".join(text.split())
    if words.casefold() in NOTHING:
        return None
    for pattern in (_iso, _numbers, _month_first, _day_first):
        if match := pattern.match(words):
            return stamp_in(match.groupdict())
    raise ValueError(words)


def stamp_in(found: dict[str, str | None]) -> Stamp:
    """Return the time that a pattern found; raises ValueError for one that is none."""
    digits = str(found["year"])
    year = int(digits) + (CENTURY if len(digits) == 2 else 0)
    numbers, order = numbers_in(found)
    stamp = Stamp(year, numbers, order, clock_in(found), zone_after(found.get("zone")))
    possible = [stamp.order] if stamp.order else ["mdy", "dmy"]
    if not any(is_day(stamp, order) for order in possible):
        raise ValueError(found)
    return stamp


def numbers_in(found: dict[str, str | None]) -> tuple[tuple[int, int], str]:
    """Return both numbers of a day, and their order where it can be seen."""
    if found.get("name"):
        month = MONTHS.get(str(found["name"])[:3].casefold(), 0)
        return (month, int(found["day"] or 0)), "ymd"
    if found.get("month"):
        return (int(found["month"] or 0), int(found["day"] or 0)), "ymd"
    first, second = int(found["first"] or 0), int(found["second_number"] or 0)
    if first > NOON or found["mark"] == ".":
        return (first, second), "dmy"
    return (first, second), "mdy" if second > NOON else ""


def is_day(stamp: Stamp, order: str) -> bool:
    """Tell whether there is such a day, and one that a class could be on."""
    try:
        return is_plannable(stamp.day(order))
    except ValueError:
        return False


def clock_in(found: dict[str, str | None]) -> time:
    """Return the time of day; raises ValueError for 13 PM and the like."""
    hour = int(found["hour"] or 0)
    half = (found.get("half") or "").casefold()
    if half:
        if not 1 <= hour <= NOON:
            raise ValueError(hour)
        hour = hour % NOON + (NOON if half == "p" else 0)
    return time(hour, int(found["minute"] or 0), int(found["second"] or 0))


def zone_after(words: str | None) -> tzinfo | None:
    """Return the zone that stands behind a time; raises ValueError for other words."""
    if not words:
        return None
    zone = zone_in(words)
    if zone is None:
        raise ValueError(words)
    return zone


def zone_in_brackets(words: str) -> tzinfo | None:
    """Return the zone of "Join Time (GMT+02:00)"; other brackets are no zone."""
    for inner in _brackets.findall(words):
        if _place.search(inner) or _names_utc.search(inner):
            return zone_in(inner)
    return None


def zone_in(words: str) -> tzinfo | None:
    """Return the zone that some words name: Europe/Berlin, GMT+02:00, UTC."""
    for name in _place.findall(words):
        if zone_exists(name):
            return ZoneInfo(name)
    if match := _offset.search(words):
        sign, hours, minutes = match.groups()
        off = timedelta(hours=int(hours), minutes=int(minutes or 0))
        if off < FARTHEST:
            return timezone(-off if sign == "-" else off)
    return UTC if _plain_utc.search(words) else None


def moment_of(stamp: Stamp, order: str, zone: tzinfo) -> datetime:
    """Return the moment (UTC) that a time means in that zone.

    Raises ValueError where there is no such day in that order.
    """
    shown = datetime.combine(stamp.day(order), stamp.clock)
    return shown.replace(tzinfo=stamp.zone or zone).astimezone(UTC)


def second_reading(stamp: Stamp, order: str, zone: tzinfo) -> datetime:
    """Return the later moment of a time that clocks show twice."""
    shown = datetime.combine(stamp.day(order), stamp.clock, tzinfo=stamp.zone or zone)
    return shown.replace(fold=1).astimezone(UTC)
