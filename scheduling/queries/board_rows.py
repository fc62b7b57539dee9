"""The rows of people on the board: their bookings, and what they have left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from psdelivery.people.models import User
from scheduling.capacity_facts import Span, capacities
from scheduling.choices import DayOff, Zoom
from scheduling.models import CapacityDay
from scheduling.queries.board_bars import Bar, Booked, bars_of
from scheduling.rules.board import (
    DayLoad,
    Load,
    Place,
    Stretch,
    Window,
    load_of,
)

Loads = Mapping[date, DayLoad]


@dataclass(frozen=True)
class Cell:
    """The capacity number of a week, or of a month."""

    stretch: Stretch
    load: Load
    off: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True)
class OffMark:
    """Days on which somebody does not work, hatched; `off` says why."""

    place: Place
    off: str


@dataclass(frozen=True)
class Row:
    """A person with what is booked on them."""

    person: User
    cells: list[Cell]
    offs: list[OffMark]
    bars: list[Bar]
    # Saturday and Sunday are off throughout, which the row draws by itself.
    has_weekends: bool = False
    lanes: int = 1


def loads_of(people: Sequence[User], span: Span) -> dict[int, dict[date, DayLoad]]:
    """Return capacity and hours of each day; one query where all days have a row.

    Days that have none are worked out from the facts, in one more.
    """
    ids = [person.pk for person in people]
    found: dict[int, dict[date, DayLoad]] = {pk: {} for pk in ids}
    rows = CapacityDay.objects.filter(
        person_id__in=ids, day__range=(span.first, span.last)
    ).order_by()
    for person_id, day, capacity, hard, soft, off in rows.values_list(
        "person_id", "day", "capacity", "hard", "soft", "off"
    ):
        found[person_id][day] = DayLoad(capacity, hard, soft, off)
    days = len(span.days)
    lacking = [person for person in people if len(found[person.pk]) < days]
    if lacking:
        for pk, known in capacities(lacking, span).items():
            for day, one in known.items():
                found[pk].setdefault(day, DayLoad(one.hours, off=one.off))
    return found


def rows_of(people: Sequence[User], window: Window, booked: Booked) -> list[Row]:
    """Return the rows of these people."""
    loads = loads_of(people, window.span)
    return [row_of(person, window, booked, loads[person.pk]) for person in people]


def row_of(person: User, window: Window, booked: Booked, loads: Loads) -> Row:
    """Return the row of one person."""
    works = {day: bool(one.capacity) for day, one in loads.items()}
    bars, lanes, _hidden = bars_of(booked.of(person.pk), window, booked, works)
    has_weekends = window.zoom == Zoom.DAY and not any(
        is_work for day, is_work in works.items() if day.weekday() >= 5
    )
    return Row(
        person=person,
        cells=[cell_of(stretch, loads) for stretch in window.stretches],
        offs=offs_of(window, loads, has_weekends=has_weekends),
        bars=bars,
        has_weekends=has_weekends,
        lanes=max(lanes, 1),
    )


def cell_of(stretch: Stretch, loads: Loads) -> Cell:
    """Return the capacity number of a week or month, with its special days off."""
    days = Span(stretch.first, stretch.last).days
    off = tuple(
        (day, loads[day].off)
        for day in days
        if loads[day].off not in {DayOff.NONE, DayOff.WEEKEND}
    )
    return Cell(stretch, load_of(loads[day] for day in days), off)


def offs_of(window: Window, loads: Loads, *, has_weekends: bool) -> list[OffMark]:
    """Return what is hatched: days by days, whole weeks or months by the others."""
    marks: list[OffMark] = []
    for column in range(window.count):
        first, last = window.start_of(column), window.start_of(column + 1)
        if has_weekends and first.weekday() >= 5:
            continue
        days = [loads[day] for day in Span(first, last).days[:-1]]
        if any(day.capacity for day in days):
            continue
        off = max((day.off for day in days), key=_weight)
        before = marks[-1] if marks else None
        if before and before.off == off and _ends(before.place) == column:
            place = Place(before.place.column, before.place.width + 1)
            marks[-1] = OffMark(place, off)
        else:
            marks.append(OffMark(Place(column + 1, 1), off))
    return marks


def _ends(place: Place) -> int:
    return place.column + place.width - 1


def _weight(off: str) -> int:
    """Return how much a reason tells: leave says more than the weekend in it."""
    order = (DayOff.NONE, DayOff.WEEKEND, DayOff.HOLIDAY, DayOff.AWAY, DayOff.LEFT)
    return order.index(DayOff(off))
