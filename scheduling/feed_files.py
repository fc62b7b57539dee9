"""The calendar file of a feed (RFC 5545): bookings by day, sessions by the minute."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from psdelivery.outbox.calendar_zones import zone_component
from scheduling.models import Allocation, AllocationDay, OccupiedTime

ONE_DAY = timedelta(days=1)
REFRESH = timedelta(hours=1)


def calendar_file(
    name: str,
    days: Iterable[AllocationDay],
    times: Iterable[OccupiedTime],
    *,
    zone: str,
    now: datetime,
    with_names: bool = False,
) -> bytes:
    """Return the file: whole days for bookings, timed events for sessions and meetings.

    `zone` is the reader's, in which timed events stand with their clock changes;
    `with_names` says whose each event is.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//PS Delivery//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    moments = list(times)
    if moments:
        first = min(one.starts_at for one in moments)
        last = max(one.ends_at for one in moments)
        calendar.add_component(zone_component(zone, first, last))
    for event in booked_events(days, with_names=with_names):
        calendar.add_component(event)
    for one in moments:
        calendar.add_component(timed_event(one, zone, now, with_names=with_names))
    return bytes(calendar.to_ical())


def booked_events(
    days: Iterable[AllocationDay], *, with_names: bool
) -> Iterable[Event]:
    """Yield an event for each run of days of a booking with the same hours."""
    by_booking: dict[Allocation, dict[date, Decimal]] = defaultdict(dict)
    for row in days:
        by_booking[row.allocation][row.day] = row.hours
    for allocation, hours in by_booking.items():
        for first, last in runs_of(hours):
            yield booked_event(allocation, first, last, hours[first], with_names)


def runs_of(hours: dict[date, Decimal]) -> list[tuple[date, date]]:
    """Return first and last day of each run of neighbouring days of equal hours."""
    days = sorted(hours)
    if not days:
        return []
    breaks = [
        (one, other)
        for one, other in pairwise(days)
        if other - one != ONE_DAY or hours[one] != hours[other]
    ]
    firsts = [days[0], *(other for _one, other in breaks)]
    lasts = [*(one for one, _other in breaks), days[-1]]
    return list(zip(firsts, lasts, strict=True))


def booked_event(
    allocation: Allocation, first: date, last: date, hours: Decimal, with_names: bool
) -> Event:
    """Return one run of days as an event of whole days."""
    event = Event()
    event.add("uid", f"booking-{allocation.pk}-{first:%Y%m%d}@{settings.MAIL_DOMAIN}")
    event.add("sequence", allocation.version)
    event.add("dtstamp", allocation.changed_at)
    event.add("dtstart", first)
    event.add("dtend", last + ONE_DAY)
    event.add("summary", summary_of(allocation, hours, with_names))
    event.add("status", "CONFIRMED" if allocation.hold == "hard" else "TENTATIVE")
    # Hours of a day, not a meeting: others may still find the person free.
    event.add("transp", "TRANSPARENT")
    event.add("url", f"{settings.SITE_URL}{allocation.get_absolute_url()}")
    return event


def summary_of(allocation: Allocation, hours: Decimal, with_names: bool) -> str:
    """Return what the event is called: whose, what for, how many hours, how firm."""
    about = str(allocation.engagement or allocation.note or _("Booking"))
    told = [allocation.who] if with_names else []
    plain = f"{hours.normalize():f}"
    told += [about, _("%(hours)s h a day, %(hold)s") % {
        "hours": plain, "hold": allocation.get_hold_display(),
    }]  # fmt: skip
    return " · ".join(told)


def timed_event(
    one: OccupiedTime, zone: str, now: datetime, *, with_names: bool
) -> Event:
    """Return a session or meeting as an event with its clock."""
    info = ZoneInfo(zone)
    event = Event()
    uid = f"{one.source}-{one.source_id}-{one.starts_at:%Y%m%dT%H%M}-{taker_key(one)}"
    event.add("uid", f"{uid}@{settings.MAIL_DOMAIN}")
    event.add("dtstamp", now)
    event.add("dtstart", one.starts_at.astimezone(info))
    event.add("dtend", one.ends_at.astimezone(info))
    whose = f"{one.person or one.host} · " if with_names else ""
    event.add("summary", f"{whose}{one.title}")
    event.add("status", "CONFIRMED")
    if one.url:
        event.add("url", f"{settings.SITE_URL}{one.url}")
    return event


def taker_key(one: OccupiedTime) -> str:
    """Return who or what is taken, so that two of them are two events."""
    return f"p{one.person_id}" if one.person_id else f"h{one.host_id}"
