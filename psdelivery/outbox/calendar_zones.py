"""The time zone of a calendar file: the changes of clocks around one meeting.

Written out one by one: lists of dates (RDATE) and rules without end are read
differently by different calendars, single changes by all.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

AROUND = timedelta(days=370)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def zone_component(zone: str, start: datetime, end: datetime) -> Timezone:
    """Return the VTIMEZONE of a zone, good for a meeting between two moments (UTC)."""
    first = start - AROUND
    component = Timezone()
    component.add("tzid", zone)
    component.add_component(observance(zone, first, first))
    for change in changes_between(zone, first, end + AROUND):
        component.add_component(observance(zone, change - MINUTE, change))
    return component


def changes_between(zone: str, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the moments (UTC) at which the clocks of the zone are changed."""
    info = ZoneInfo(zone)
    day = start
    while day < end:
        low, high = day, day + DAY
        if offset_at(info, low) != offset_at(info, high):
            while high - low > MINUTE:
                middle = low + (high - low) / 2
                is_before = offset_at(info, middle) == offset_at(info, low)
                low, high = (middle, high) if is_before else (low, middle)
            yield high.replace(second=0, microsecond=0)
        day += DAY


def offset_at(info: ZoneInfo, moment: datetime) -> timedelta:
    """Return how far the zone is ahead of UTC at a moment."""
    return moment.astimezone(info).utcoffset() or timedelta(0)


def observance(
    zone: str, before: datetime, moment: datetime
) -> TimezoneStandard | TimezoneDaylight:
    """Return what holds from a moment on; its beginning is told on the old clock."""
    info = ZoneInfo(zone)
    there = moment.astimezone(info)
    part = TimezoneDaylight() if there.dst() else TimezoneStandard()
    old = offset_at(info, before)
    part.add("dtstart", (moment + old).replace(tzinfo=None, second=0, microsecond=0))
    part.add("tzoffsetfrom", old)
    part.add("tzoffsetto", offset_at(info, moment))
    part.add("tzname", there.tzname() or zone)
    part.add("rrule", {"freq": "yearly", "count": 1})
    return part
