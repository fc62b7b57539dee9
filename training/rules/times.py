"""When a session is: typed on the clock of a zone, kept in UTC.

Pure: no database, no clock, no request.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from psdelivery.calendars import local_moment
from psdelivery.people.moments import city_of, clock_text, day_text
from psdelivery.registry import Reason
from scheduling.rules.times import Slot, days_touched

ONE_DAY = timedelta(days=1)
LONGEST_SESSION = timedelta(hours=12)
# Farther off is a slip of the keyboard: sold units are used up long before.
FARTHEST_AHEAD = timedelta(days=5 * 365)
FARTHEST_BACK = timedelta(days=366)


@dataclass(frozen=True)
class SessionTimes:
    """Start and end of a session (UTC) and the zone of its calendar."""

    starts_at: datetime
    ends_at: datetime
    zone: str

    @property
    def day(self) -> date:
        """The day on which the session begins, on its own clock."""
        return self.starts_at.astimezone(ZoneInfo(self.zone)).date()

    @property
    def days(self) -> list[date]:
        """R-22: the days on which it counts: past local midnight both."""
        return days_touched(Slot(self.starts_at, self.ends_at), self.zone)


@dataclass(frozen=True)
class LocalTimes:
    """A session as a person types it: a day, start and stop on a zone's clock.

    A stop before the start is on the next day.
    """

    day: date
    start: time
    stop: time
    zone: str

    @property
    def stop_day(self) -> date:
        """The day on which it stops."""
        return self.day + ONE_DAY if self.stop < self.start else self.day

    @property
    def typed(self) -> list[tuple[str, date, time]]:
        """Start and stop with the day of each."""
        return [("start", self.day, self.start), ("stop", self.stop_day, self.stop)]

    @property
    def moments(self) -> SessionTimes:
        """The same in UTC; a time that occurs twice is taken at its first."""
        return SessionTimes(
            local_moment(self.day, self.start.replace(fold=0), self.zone),
            local_moment(self.stop_day, self.stop.replace(fold=0), self.zone),
            self.zone,
        )


def reasons_against_day(day: date, *, today: date) -> list[Reason]:
    """Return what is wrong with the day of a session: too far ahead or back."""
    if day > today + FARTHEST_AHEAD:
        return [Reason("day-far", _("This day is more than five years ahead."))]
    if day < today - FARTHEST_BACK:
        return [Reason("day-past", _("This day is more than a year back."))]
    return []


def reasons_against_local(times: LocalTimes, *, today: date) -> list[Reason]:
    """Return what is wrong with a session as it was typed.

    A day off limits is told alone: nothing can be said of its hours.
    """
    against_day = reasons_against_day(times.day, today=today)
    if against_day:
        return against_day
    if times.stop == times.start:
        sentence = _("The session stops at the time at which it starts.")
        return [Reason("order", sentence)]
    skipped = reasons_against_skipped(times)
    return skipped or reasons_against_length(times)


def reasons_against_length(times: LocalTimes) -> list[Reason]:
    """Return the reason against a session that is too long as it was typed.

    A stop before the start is the next day's; where that cannot be meant, it is said.
    """
    against = reasons_against_times(times.moments)
    if not against or times.stop_day == times.day:
        return against
    sentence = _(
        "The session ends before it starts. If the next day is meant, %(day)s, it "
        "would last more than twelve hours."
    )
    return [Reason("order", sentence % {"day": day_text(times.stop_day)})]


def reasons_against_skipped(times: LocalTimes) -> list[Reason]:
    """Return a reason for a start or stop that the clocks of the zone skip."""
    return [
        Reason(f"{name}-skipped", skipped_words(day, clock, times.zone))
        for name, day, clock in times.typed
        if is_skipped(day, clock, times.zone)
    ]


def is_skipped(day: date, clock: time, zone: str) -> bool:
    """Tell whether clocks never show this time: they are put forward over it."""
    moment = local_moment(day, clock, zone).astimezone(ZoneInfo(zone))
    return moment.replace(tzinfo=None) != datetime.combine(day, clock)


def skipped_words(day: date, clock: time, zone: str) -> str:
    """Say that a time does not exist, and what the clocks do instead."""
    after = local_moment(day, clock, zone)
    before = after - timedelta(seconds=1)
    info = ZoneInfo(zone)
    return _(
        "This time does not exist in %(city)s on %(day)s: clocks go from %(before)s "
        "straight to %(after)s."
    ) % {
        "city": city_of(zone),
        "day": day_text(day),
        # The last second before the gap, rounded up to the minute it ends.
        "before": clock_text(
            before.astimezone(info).replace(tzinfo=None) + timedelta(seconds=1)
        ),
        "after": clock_text(after.astimezone(info)),
    }


def words_about(times: LocalTimes) -> list[str]:
    """Return what is to be said of times that are right, but not usual."""
    return [*twice_words(times), *overnight_words(times)]


def twice_words(times: LocalTimes) -> list[str]:
    """Say of a start or stop that occurs twice that its first occurrence is meant."""
    return [
        _("In %(city)s clocks show %(time)s twice on %(day)s: the first is taken.")
        % {
            "city": city_of(times.zone),
            "time": f"{clock:%H:%M}",
            "day": day_text(day),
        }
        for _name, day, clock in times.typed
        if is_twice(day, clock, times.zone)
    ]


def overnight_words(times: LocalTimes) -> list[str]:
    """R-22: say of a session past local midnight that it counts on both days."""
    if times.stop_day == times.day:
        return []
    sentence = _(
        "The session goes on past midnight: it ends on %(day)s at %(time)s in "
        "%(city)s, and counts on both days."
    )
    words = {
        "day": day_text(times.stop_day),
        "time": f"{times.stop:%H:%M}",
        "city": city_of(times.zone),
    }
    return [sentence % words]


def is_twice(day: date, clock: time, zone: str) -> bool:
    """Tell whether clocks show this time twice: they are put back over it."""
    if is_skipped(day, clock, zone):
        return False
    first = local_moment(day, clock.replace(fold=0), zone)
    return first != local_moment(day, clock.replace(fold=1), zone)


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
    sentence = _("Another session of this class is at the same time: %(when)s.")
    return [
        Reason("overlap", sentence % {"when": span_words(other)})
        for other in others
        if times.starts_at < other.ends_at and other.starts_at < times.ends_at
    ]


def span_words(times: SessionTimes) -> str:
    """Say when a session is on its own clock: "Tue 6 Apr 2027, 09:00–13:00".

    One that goes on past midnight is told with both days.
    """
    zone = ZoneInfo(times.zone)
    start, stop = times.starts_at.astimezone(zone), times.ends_at.astimezone(zone)
    begins = f"{day_text(start.date())}, {clock_text(start)}"
    if stop.date() == start.date():
        return f"{begins}–{clock_text(stop)}"
    return f"{begins} – {day_text(stop.date())}, {clock_text(stop)}"


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


def reasons_against_shift(
    times: SessionTimes, days: int, *, today: date
) -> list[Reason]:
    """Return what is wrong with moving a session: a day far off, a skipped time."""
    far_off = reasons_against_day(times.day + timedelta(days=days), today=today)
    if far_off:
        return far_off
    zone = ZoneInfo(times.zone)
    local = [moment.astimezone(zone) for moment in (times.starts_at, times.ends_at)]
    moved = [(at + timedelta(days=days)).replace(tzinfo=None, fold=0) for at in local]
    return [
        Reason("skipped", skipped_words(at.date(), at.time(), times.zone))
        for at in moved
        if is_skipped(at.date(), at.time(), times.zone)
    ]


def crosses_clock_change(times: SessionTimes) -> bool:
    """Tell whether clocks are changed between start and end of the session."""
    zone = ZoneInfo(times.zone)
    start, end = times.starts_at.astimezone(zone), times.ends_at.astimezone(zone)
    return start.utcoffset() != end.utcoffset()
