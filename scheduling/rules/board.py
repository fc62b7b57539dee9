"""The window of days that the board shows, and where things stand in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from scheduling.capacity_facts import Span
from scheduling.choices import Zoom
from scheduling.rules.capacity import NOTHING

ONE_DAY = timedelta(days=1)
WEEK = timedelta(days=7)
# How many columns a zoom shows; the style sheet knows places up to 92.
COLUMNS = {Zoom.DAY: 84, Zoom.WEEK: 26, Zoom.MONTH: 12}
# Windows that begin between these lie within the years that can be planned.
FIRST_START, LAST_START = date(2000, 1, 3), date(2098, 12, 1)
# How many columns the arrow keys move the window: about what a screen shows.
STEPS = {Zoom.DAY: 28, Zoom.WEEK: 8, Zoom.MONTH: 6}


@dataclass(frozen=True)
class Place:
    """Where something stands: its first column, counted from 1, and its width."""

    column: int
    width: int

    @property
    def css(self) -> str:
        return f"c-{self.column} w-{self.width}"


@dataclass(frozen=True)
class Stretch:
    """Days from … to …, both included, and where they stand in the window."""

    first: date
    last: date
    place: Place


@dataclass(frozen=True)
class Window:
    """The days that are shown: `count` columns of a day, a week or a month each.

    It begins on a Monday, by months on the first of one.
    """

    zoom: str
    first: date
    count: int

    @property
    def last(self) -> date:
        return self.start_of(self.count) - ONE_DAY

    @property
    def span(self) -> Span:
        return Span(self.first, self.last)

    def start_of(self, column: int) -> date:
        """Return the first day of a column, counted from 0; it may lie outside."""
        if self.zoom == Zoom.MONTH:
            return month_after(self.first, column)
        return self.first + timedelta(days=column * days_of_column(self.zoom))

    def column_of(self, day: date) -> int:
        """Return the column of a day, counted from 0; it may lie outside."""
        if self.zoom == Zoom.MONTH:
            years = day.year - self.first.year
            return years * 12 + day.month - self.first.month
        return (day - self.first).days // days_of_column(self.zoom)

    def place_of(self, first: date, last: date) -> Place | None:
        """Return where days stand, cut at the ends; None where they are not shown."""
        start = max(self.column_of(first), 0)
        end = min(self.column_of(last), self.count - 1)
        return Place(start + 1, end - start + 1) if start <= end else None

    @property
    def stretches(self) -> list[Stretch]:
        """Return what a number of capacity stands for: the weeks, or the months."""
        step = 7 if self.zoom == Zoom.DAY else 1
        return [
            Stretch(
                self.start_of(column),
                self.start_of(column + step) - ONE_DAY,
                Place(column + 1, step),
            )
            for column in range(0, self.count, step)
        ]

    @property
    def headings(self) -> list[Stretch]:
        """Return the months that the columns begin in, by months the years."""
        part = "year" if self.zoom == Zoom.MONTH else "month"
        starts = [0] + [
            column
            for column in range(1, self.count)
            if getattr(self.start_of(column), part)
            != getattr(self.start_of(column - 1), part)
        ]
        return [
            Stretch(
                self.start_of(start),
                self.start_of(end) - ONE_DAY,
                Place(start + 1, end - start),
            )
            for start, end in pairwise([*starts, self.count])
        ]

    def moved(self, columns: int) -> "Window":
        """Return the window that begins so many columns later."""
        return window_at(self.zoom, self.start_of(columns))


def days_of_column(zoom: str) -> int:
    """Return how many days a column has where that is always the same."""
    return 7 if zoom == Zoom.WEEK else 1


def month_after(day: date, months: int) -> date:
    """Return the first day of the month so many months on."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, 1)


def monday_of(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - ONE_DAY * day.weekday()


def window_at(zoom: str, day: date) -> Window:
    """Return the window that begins with the week, or the month, of a day.

    It stays within the years that can be planned.
    """
    day = min(max(day, FIRST_START), LAST_START)
    first = day.replace(day=1) if zoom == Zoom.MONTH else monday_of(day)
    return Window(zoom, first, COLUMNS[Zoom(zoom)])


@dataclass(frozen=True)
class Load:
    """What is booked of the capacity of some days; hours.

    `free` and `over` are sums of the days: a free Monday mends no overbooked Friday.
    `soft_over` is what tentative holds would take on top of what a day has.
    """

    capacity: Decimal = NOTHING
    hard: Decimal = NOTHING
    soft: Decimal = NOTHING
    free: Decimal = NOTHING
    over: Decimal = NOTHING
    soft_over: Decimal = NOTHING

    @property
    def is_off(self) -> bool:
        return not (self.capacity or self.hard or self.soft)

    @property
    def is_full(self) -> bool:
        return not (self.free or self.over or self.is_off)


@dataclass(frozen=True)
class DayLoad:
    """One day of a person: its capacity and why there is none, and what is booked."""

    capacity: Decimal
    hard: Decimal = NOTHING
    soft: Decimal = NOTHING
    off: str = ""


def load_of(days: Iterable[DayLoad]) -> Load:
    """Add up days of one person."""
    capacity = hard = soft = free = over = soft_over = NOTHING
    for day in days:
        capacity, hard, soft = capacity + day.capacity, hard + day.hard, soft + day.soft
        left = day.capacity - day.hard
        free, over = free + max(left, NOTHING), over + max(-left, NOTHING)
        if day.soft:
            soft_over += max(day.soft - max(left, NOTHING), NOTHING)
    return Load(capacity, hard, soft, free, over, soft_over)


def runs_of(days: Iterable[date], works: Mapping[date, bool]) -> list[Span]:
    """Return the days of a booking as runs that one bar can show.

    Days that nobody works on do not break a run, a day left out on purpose does. A
    day that `works` does not know is one that is worked on from Monday to Friday.
    """
    runs: list[Span] = []
    for day in sorted(days):
        if runs and is_bridged(runs[-1].last, day, works):
            runs[-1] = Span(runs[-1].first, day)
        else:
            runs.append(Span(day, day))
    return runs


def is_bridged(before: date, after: date, works: Mapping[date, bool]) -> bool:
    """Tell whether nobody works between two days."""
    between = Span(before + ONE_DAY, after - ONE_DAY).days
    return not any(works.get(day, day.weekday() < 5) for day in between)


def lanes_of(places: Sequence[tuple[int, int]]) -> list[int]:
    """Return the lane, from 1, of each (first, last) column, so that none overlap.

    They are given in the order in which they are wanted from above.
    """
    ends: list[list[tuple[int, int]]] = []
    lanes = []
    for first, last in places:
        lane = next(
            (
                number
                for number, taken in enumerate(ends)
                if all(last < start or end < first for start, end in taken)
            ),
            len(ends),
        )
        if lane == len(ends):
            ends.append([])
        ends[lane].append((first, last))
        lanes.append(lane + 1)
    return lanes
