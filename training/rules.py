"""Decisions of training: sessions in order, deadlines late by design."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from psdelivery.calendars import local_moment
from psdelivery.registry import Reason

LONGEST_SESSION = timedelta(hours=12)


@dataclass(frozen=True)
class SessionTimes:
    """Start and end of a session (UTC) and the zone of its calendar."""

    starts_at: datetime
    ends_at: datetime
    zone: str


def reasons_against_times(times: SessionTimes) -> list[Reason]:
    """Return what is wrong with the times of one session."""
    if times.ends_at <= times.starts_at:
        return [Reason("order", _("The session ends before it starts."))]
    if times.ends_at - times.starts_at > LONGEST_SESSION:
        return [Reason("long", _("A session lasts at most twelve hours."))]
    return []


def reasons_against_overlap(
    times: SessionTimes, others: Iterable[SessionTimes]
) -> list[Reason]:
    """Return a reason for each session of the same class that overlaps."""
    return [
        Reason("overlap", _("Another session of this class is at the same time."))
        for other in others
        if times.starts_at < other.ends_at and other.starts_at < times.ends_at
    ]


def moved_times(times: SessionTimes, days: int) -> SessionTimes:
    """Return the session so many days later at the same local hours.

    Counted on the session's own clock, so that a clock change between the two
    dates does not shift the class by an hour.
    """
    zone = ZoneInfo(times.zone)
    span = timedelta(days=days)
    return SessionTimes(
        shifted(times.starts_at, span, zone),
        shifted(times.ends_at, span, zone),
        times.zone,
    )


def shifted(moment: datetime, span: timedelta, zone: ZoneInfo) -> datetime:
    """Return the moment a span of local days later (UTC)."""
    local = moment.astimezone(zone)
    return local_moment((local + span).date(), local.time(), zone.key)
