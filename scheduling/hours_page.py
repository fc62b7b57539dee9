"""The page of a week: engagements by days, what was planned beside what is told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from engagements.models import Engagement
from psdelivery.people.labels import labels_of
from scheduling.choices import DayOff, HoursState
from scheduling.models import CapacityDay, HoursPart, HoursWeek
from scheduling.queries.hours import (
    days_of,
    drafts_or_plan,
    engagements_by_key,
    order_of,
    parts_of,
    plan_of,
)
from scheduling.rules.hours import (
    NOTHING,
    Plan,
    PlannedDay,
    cell_code,
    days_worked_off,
)
from scheduling.services.hours.confirming import is_settled

EXTRA = "extra"


@dataclass(frozen=True)
class DayHead:
    """A column: its day, and why nobody works on it."""

    day: date
    off: str

    @property
    def off_words(self) -> str:
        return str(labels_of(CapacityDay._meta.get_field("off")).get(self.off, ""))


@dataclass(frozen=True)
class Cell:
    """A day of an engagement: planned, and told; `name` is that of its field."""

    day: date
    name: str
    planned: PlannedDay
    hours: Decimal

    @property
    def differs(self) -> bool:
        return self.hours != self.planned.hard


@dataclass(frozen=True)
class Row:
    """An engagement in the week; `part` is None while nothing of it was told."""

    engagement: Engagement
    cells: Sequence[Cell]
    part: HoursPart | None
    is_open: bool

    @property
    def note(self) -> str:
        return self.part.note if self.part else ""

    @property
    def total(self) -> Decimal:
        return sum((cell.hours for cell in self.cells), NOTHING)

    @property
    def planned(self) -> Decimal:
        return sum((cell.planned.hard for cell in self.cells), NOTHING)

    @property
    def note_name(self) -> str:
        return f"note-{self.engagement.pk}"


@dataclass(frozen=True)
class Grid:
    """A week as it is shown: its days, its rows, and what stands out."""

    week: HoursWeek
    heads: Sequence[DayHead]
    rows: Sequence[Row]
    plan: Plan

    @property
    def days(self) -> list[date]:
        return [head.day for head in self.heads]

    @property
    def open_rows(self) -> list[Row]:
        return [row for row in self.rows if row.is_open]

    @property
    def total(self) -> Decimal:
        return sum((row.total for row in self.rows), NOTHING)

    @property
    def sums(self) -> list[tuple[date, Decimal]]:
        """Return the hours of each day over all engagements."""
        return [
            (day, sum((row.cells[n].hours for row in self.rows), NOTHING))
            for n, day in enumerate(self.days)
        ]

    @property
    def is_told(self) -> bool:
        """Whether anything was kept or confirmed already."""
        return any(row.part for row in self.rows)

    @property
    def worked_off(self) -> list[date]:
        """Return the days off on which hours stand."""
        hours = [{cell.day: cell.hours for cell in row.cells} for row in self.rows]
        return days_worked_off(hours, self.plan.off)


def grid_of(week: HoursWeek) -> Grid:
    """Return a week with what was planned and told; a constant number of queries."""
    days = days_of(week)
    plan = plan_of(week.person, days)
    parts = {part.engagement_id: part for part in parts_of(week)}
    hours = drafts_or_plan(parts, plan)
    # What is only held is shown beside, for whoever worked on it all the same.
    shown = engagements_by_key({*hours, *plan.days})
    ordered = sorted(shown.values(), key=order_of)
    return Grid(
        week=week,
        heads=[DayHead(day, plan.off.get(day, "")) for day in days],
        rows=[
            row_of(one, days, plan, hours.get(one.pk, {}), parts.get(one.pk))
            for one in ordered
        ],
        plan=plan,
    )


def row_of(
    engagement: Engagement,
    days: Sequence[date],
    plan: Plan,
    hours: Mapping[date, Decimal],
    part: HoursPart | None,
) -> Row:
    """Return the row of one engagement."""
    cells = [
        Cell(
            day=day,
            name=cell_code(engagement.pk, day),
            planned=plan.of(engagement.pk, day),
            hours=hours.get(day, NOTHING),
        )
        for day in days
    ]
    return Row(engagement, cells, part, is_open=part is None or not is_settled(part))


def warning_of(grid: Grid) -> str:
    """Say on which days off somebody worked; empty where there is none."""
    words = [
        _("%(day)s (%(why)s)")
        % {"day": f"{head.day:%a} {head.day.day}", "why": head.off_words}
        for head in grid.heads
        if head.day in grid.worked_off and head.off != DayOff.NONE
    ]
    return ", ".join(words)


TONES = {
    HoursState.DRAFT: "warn",
    HoursState.SUBMITTED: "info",
    HoursState.RETURNED: "warn",
    HoursState.APPROVED: "good",
}


@dataclass(frozen=True)
class WeekRow:
    """A week in the list of somebody's weeks; its parts were fetched."""

    week: HoursWeek

    @property
    def total(self) -> Decimal:
        return sum((part.hours for part in self.week.parts.all()), NOTHING)

    @property
    def states(self) -> list[tuple[str, str, int]]:
        """Return what became of its parts: words, tone and how many."""
        counts = Counter(HoursState(part.state) for part in self.week.parts.all())
        return [
            (str(state.label), TONES[state], counts[state])
            for state in HoursState
            if counts[state]
        ]

    @property
    def is_confirmed(self) -> bool:
        return self.week.confirmed_at is not None
