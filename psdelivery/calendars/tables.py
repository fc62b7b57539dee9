"""Which countries, zones and days off there are, from the installed tables.

What is remembered between calls follows from these tables alone, so it never goes
stale while a process lives.
"""

import re
import warnings
from calendar import isleap
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import available_timezones

import holidays
from holidays.registry import COUNTRIES

# Farther off than this, holidays are guesses.
LATEST_DAY = date(2099, 12, 31)

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
def weekend_days(country: str) -> frozenset[int]:
    # Of a late year: some countries have changed theirs, and tables know when.
    table = holidays.country_holidays(country, years=LATEST_DAY.year)
    return frozenset(table.weekend)


@lru_cache(maxsize=4096)
def days_off(country: str, subdivision: str, year: int) -> frozenset[date]:
    known = _subdivisions(country).get(subdivision)
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range(366 if isleap(year) else 365)]
    with warnings.catch_warnings():
        # For years beyond its table, which then hold weekends alone.
        warnings.filterwarnings("ignore", message="Requested Holidays")
        table = holidays.country_holidays(country, subdiv=known)
        return frozenset(day for day in days if not table.is_working_day(day))
