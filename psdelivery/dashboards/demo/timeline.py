"""When the things of a demo story happened, counted back from now."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from engagements.choices import Kind, Status
from psdelivery.calendars import (
    Calendar,
    add_business_days,
    local_moment,
    working_day_on_or_after,
    working_day_on_or_before,
)
from psdelivery.dashboards.demo.slots import Mood, Slot

COMPANY = Calendar("Europe/Berlin", "DE")
A_WHILE = timedelta(minutes=10)
# Business days from the first session back to closed-won, so that R-11 has room.
AHEAD_OF_CLASS = 31


@dataclass(frozen=True)
class Ruler:
    """Business days from today: negative ones lie in the past."""

    now: datetime
    random: Random

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(COMPANY.zone)).date()

    def day(self, count: int) -> date:
        """Return the business day so many days from today."""
        if count == 0:
            return working_day_on_or_before(self.today, COMPANY)
        return add_business_days(self.today, count, COMPANY)

    def moment(self, count: int, hour: int = 10) -> datetime:
        """Return a moment of that day in working hours, never in the future."""
        clock = time(hour, self.random.randint(0, 59))
        moment = local_moment(self.day(count), clock, COMPANY.zone)
        return min(moment, self.now - A_WHILE)

    def between(self, least: int, most: int) -> int:
        """Throw the dice."""
        return self.random.randint(least, most)


@dataclass
class Marks:
    """The turning points of a story, in business days from today."""

    registered: int
    prospect: int | None = None
    won: int | None = None
    signed: int | None = None
    okay: int | None = None
    active: int | None = None
    left: int | None = None
    closed: int | None = None
    completed: int | None = None
    start: int = 20
    end: int = 60


@dataclass(frozen=True)
class Timeline:
    """The marks of a story and the first days of its classes."""

    ruler: Ruler
    marks: Marks
    start: date
    classes: tuple[date, ...] = ()

    def at(self, name: str, hour: int = 10) -> datetime:
        """Return the moment of a mark; only for marks that the story has."""
        return self.ruler.moment(getattr(self.marks, name), hour)

    def has(self, name: str) -> bool:
        """Tell whether the story got as far as the mark."""
        return getattr(self.marks, name) is not None

    @property
    def end(self) -> date:
        last = max(self.classes, default=self.start)
        return max(self.ruler.day(self.marks.end), last + timedelta(days=10))


def draw_timeline(slot: Slot, ruler: Ruler) -> Timeline:
    """Draw when the story of a slot began and when it turned."""
    if slot.ending in UNSTARTED:
        marks = UNSTARTED[slot.ending](slot, ruler)
        days = coming_classes(slot, ruler)
    else:
        marks, counts = STARTED[slot.ending](slot, ruler)
        days = tuple(class_day(ruler, count) for count in counts)
    is_training = slot.kind == Kind.TRAINING and days
    start = days[0] if is_training else ruler.day(marks.start)
    return Timeline(ruler, marks, start, days)


def class_day(ruler: Ruler, count: int) -> date:
    """Return the first day of a class; on a day off "yesterday" is the last one."""
    if count == -1:
        today = working_day_on_or_after(ruler.today, COMPANY)
        return working_day_on_or_before(today - timedelta(days=1), COMPANY)
    return ruler.day(count)


def coming_classes(slot: Slot, ruler: Ruler) -> tuple[date, ...]:
    """Return the classes of an engagement that is okay to start."""
    if slot.ending != Status.OKAY_TO_START:
        return ()
    if slot.kind not in {Kind.TRAINING, Kind.BLENDED}:
        return ()
    if slot.mood == Mood.LINK_SOON:
        return (link_soon(ruler),)
    return (ruler.day(ruler.between(18, 30)),)


def link_soon(ruler: Ruler) -> date:
    """Return the day of a class whose link (14 days before) is due in some days."""
    return working_day_on_or_after(ruler.today + timedelta(days=16), COMPANY)


def estimate(slot: Slot, ruler: Ruler) -> Marks:
    """Scoped at present."""
    start = ruler.between(25, 40)
    return Marks(-ruler.between(1, 4), start=start, end=start + ruler.between(50, 90))


def prospect(slot: Slot, ruler: Ruler) -> Marks:
    """Waits for closed-won."""
    registered = -ruler.between(8, 16)
    start = ruler.between(18, 35)
    return Marks(registered, registered + 5, start=start, end=start + 60)


def in_setup(slot: Slot, ruler: Ruler) -> Marks:
    """Won; some wait for the customer's signature."""
    if slot.mood == Mood.BLOCKED:
        won = -8
    else:
        won = -1 if slot.mood == Mood.UNSIGNED else -ruler.between(2, 4)
    marks = sold(ruler, won)
    if slot.mood in {Mood.UNSIGNED, Mood.BLOCKED}:
        marks.signed = None
    marks.start = ruler.between(12, 25)
    marks.end = marks.start + 60
    return marks


def okay_to_start(slot: Slot, ruler: Ruler) -> Marks:
    """Staffed; the kickoff or the first class is to come."""
    won = -ruler.between(5, 7) if slot.kind == Kind.TRAINING else -ruler.between(10, 13)
    marks = sold(ruler, won)
    marks.okay = won + 4
    marks.start = ruler.between(4, 10)
    marks.end = marks.start + ruler.between(30, 60)
    return marks


def backlog(slot: Slot, ruler: Ruler) -> Marks:
    """Set aside before the start."""
    marks = sold(ruler, -ruler.between(38, 48))
    marks.left, marks.start, marks.end = -ruler.between(3, 8), 45, 100
    return marks


def cancelled(slot: Slot, ruler: Ruler) -> Marks:
    """Withdrawn by the customer before it was won."""
    registered = -ruler.between(25, 45)
    left = -ruler.between(2, 12)
    return Marks(registered, registered + 5, left=left, start=30, end=80)


def sold(ruler: Ruler, won: int) -> Marks:
    """Return the marks up to the signature."""
    registered = won - ruler.between(8, 15)
    return Marks(registered, registered + 5, won, won + 1)


def active(slot: Slot, ruler: Ruler) -> tuple[Marks, list[int]]:
    """At work."""
    if slot.kind == Kind.TRAINING:
        return teaching(slot, ruler, classes_in_work(slot, ruler))
    kickoff = {Mood.LATE: -6, Mood.DISCOVERY: -2, Mood.ENDING: -30}.get(
        slot.mood, -ruler.between(5, 40)
    )
    end = {Mood.LATE: 14, Mood.ENDING: 12}.get(slot.mood, ruler.between(20, 55))
    if slot.kind == Kind.DEDICATED:
        end = ruler.between(75, 110)
    marks = kicked_off(ruler, kickoff, end)
    # Classes of a blended engagement come when the first things are built.
    classes = [max(kickoff + 18, 8)] if slot.kind == Kind.BLENDED else []
    return marks, classes


def classes_in_work(slot: Slot, ruler: Ruler) -> list[int]:
    """Return the first days of the classes of a training that is under way."""
    special = {
        Mood.CLASS_NOW: [-1],
        Mood.REVIEWS: [-9],
        Mood.SHORT_NOTICE: [-6, 6],
    }
    if slot.mood in special:
        return special[slot.mood]
    held, coming = -ruler.between(4, 12), ruler.between(14, 30)
    return ruler.random.choice([[coming], [held, coming], [coming, coming + 12]])


def teaching(slot: Slot, ruler: Ruler, classes: list[int]) -> tuple[Marks, list[int]]:
    """Return the marks of a training by its first class."""
    won = min(classes[0] - AHEAD_OF_CLASS, -11)
    marks = sold(ruler, won)
    marks.okay, marks.active = won + 4, won + 7
    marks.end = max(classes[-1] + 7, 4)
    return marks, classes


def kicked_off(ruler: Ruler, kickoff: int, end: int) -> Marks:
    """Return the marks of an engagement with a kickoff."""
    won = kickoff - ruler.between(14, 18)
    marks = sold(ruler, won)
    marks.okay, marks.active = won + 5, kickoff
    marks.start, marks.end = kickoff, end
    return marks


def on_hold(slot: Slot, ruler: Ruler) -> tuple[Marks, list[int]]:
    """Set aside at work."""
    marks = kicked_off(ruler, -ruler.between(22, 40), ruler.between(30, 50))
    marks.left = -ruler.between(3, 12)
    return marks, [25] if slot.kind == Kind.BLENDED else []


def closed(slot: Slot, ruler: Ruler) -> tuple[Marks, list[int]]:
    """Delivered; the bill is open."""
    return finished(slot, ruler, -ruler.between(5, 7), 40)


def completed(slot: Slot, ruler: Ruler) -> tuple[Marks, list[int]]:
    """Delivered and billed."""
    marks, classes = finished(slot, ruler, -ruler.between(32, 45), 50)
    marks.completed = marks.end + 18
    return marks, classes


def finished(
    slot: Slot, ruler: Ruler, end: int, length: int
) -> tuple[Marks, list[int]]:
    """Return the marks of work that ended on that day."""
    if slot.kind == Kind.TRAINING:
        marks, classes = teaching(slot, ruler, [end - 9])
    else:
        marks = kicked_off(ruler, end - length, end)
        classes = [end - 15] if slot.kind == Kind.BLENDED else []
    marks.end, marks.closed = end, end + 2
    return marks, classes


UNSTARTED = {
    Status.ESTIMATE: estimate,
    Status.PROSPECT: prospect,
    Status.IN_SETUP: in_setup,
    Status.OKAY_TO_START: okay_to_start,
    Status.BACKLOG: backlog,
    Status.CANCELLED: cancelled,
}
STARTED = {
    Status.ACTIVE: active,
    Status.ON_HOLD: on_hold,
    Status.CLOSED: closed,
    Status.COMPLETED: completed,
}
