"""The hours of a week, typed in a grid: an input for each engagement and day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from psdelivery.people.fields import DayField
from psdelivery.people.moments import day_text
from psdelivery.people.validators import validate_line, validate_text
from psdelivery.registry import Reason
from scheduling.forms.fields import HoursField, VersionField
from scheduling.hours_page import EXTRA, Cell, Grid, Row
from scheduling.rules.hours import NOTHING, cell_code
from scheduling.services.hours.confirming import TypedRow

NOTE_LENGTH = 500
EXTRA_NOTE = "note-extra"
CELL_MESSAGES = {
    "min_value": _("Hours are not negative."),
    "max_value": _("A day has 24 hours."),
}


@dataclass(frozen=True)
class TypedCell:
    """A day of a row with its input; without one it is only shown."""

    cell: Cell
    field: BoundField | None = None


@dataclass(frozen=True)
class ShownRow:
    """A row of the grid with its inputs."""

    row: Row
    cells: Sequence[TypedCell]
    note: BoundField | None


class CellField(HoursField):
    """Hours of a day in a grid: typed with a point or a comma; empty is nothing."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(
            of_a_day=True,
            min_value=NOTHING,
            error_messages=CELL_MESSAGES,
            widget=forms.TextInput(attrs),
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        typed = value.replace(",", ".") if isinstance(value, str) else value
        return super().to_python(typed)


def cell_field(label: str, initial: Decimal | None = None) -> CellField:
    """Return the input of one day."""
    return CellField(label=label, initial=initial or None)


def note_field(label: str, initial: str = "") -> forms.CharField:
    """Return the note on a row: for whoever approves it."""
    return forms.CharField(
        label=label,
        required=False,
        initial=initial,
        max_length=NOTE_LENGTH,
        validators=[validate_text, validate_line],
    )


class WeekForm(forms.Form):
    """The rows of a week that are still open, and one for what was not planned."""

    version = VersionField()
    use_required_attribute = False

    def __init__(
        self, grid: Grid, addable: QuerySet[Engagement], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.grid = grid
        self.fields["version"].initial = grid.week.version
        for row in grid.open_rows:
            self.add_row(row)
        others = addable.exclude(pk__in=[row.engagement.pk for row in grid.rows])
        self.fields[EXTRA] = forms.ModelChoiceField(
            others,
            label=_("Other work"),
            required=False,
            empty_label=_("Choose …"),
        )
        for day in grid.days:
            label = f"{self.fields[EXTRA].label}, {day_text(day)}"
            self.fields[extra_name(day)] = cell_field(label)
        self.fields[EXTRA_NOTE] = note_field(str(_("Note on other work")))

    def add_row(self, row: Row) -> None:
        """Add the inputs of one engagement."""
        for cell in row.cells:
            label = f"{row.engagement}, {day_text(cell.day)}"
            self.fields[cell.name] = cell_field(label, cell.hours)
        label = str(_("Note on %(work)s") % {"work": row.engagement})
        self.fields[row.note_name] = note_field(label, row.note)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        names = [EXTRA_NOTE, *map(extra_name, self.grid.days)]
        typed = any(cleaned.get(name) for name in names)
        if typed and not cleaned.get(EXTRA) and EXTRA not in self.errors:
            self.add_error(EXTRA, _("Say on what the hours were worked."))
        return cleaned

    @property
    def typed(self) -> list[TypedRow]:
        """The rows of a valid form."""
        given = self.cleaned_data
        rows = [
            TypedRow(
                row.engagement,
                self.hours_in({cell.day: cell.name for cell in row.cells}),
                given[row.note_name],
            )
            for row in self.grid.open_rows
        ]
        extra = given.get(EXTRA)
        if extra is not None:
            names = {day: extra_name(day) for day in self.grid.days}
            rows.append(TypedRow(extra, self.hours_in(names), given[EXTRA_NOTE]))
        return rows

    @property
    def rows(self) -> list[ShownRow]:
        """The rows with their inputs; those that are settled have none."""
        return [
            ShownRow(
                row,
                [TypedCell(one, self[one.name]) for one in row.cells],
                self[row.note_name],
            )
            if row.is_open
            else ShownRow(row, [TypedCell(one) for one in row.cells], None)
            for row in self.grid.rows
        ]

    @property
    def extra_cells(self) -> list[tuple[date, BoundField]]:
        """The inputs of other work, day by day."""
        return [(day, self[extra_name(day)]) for day in self.grid.days]

    @property
    def extra_note(self) -> BoundField:
        return self[EXTRA_NOTE]

    def hours_in(self, names: Mapping[date, str]) -> dict[date, Decimal]:
        """Return the hours of the days that have any."""
        given = {day: self.cleaned_data.get(name) for day, name in names.items()}
        return {day: hours for day, hours in given.items() if hours}

    def tell(self, reasons: Iterable[Reason]) -> None:
        """Put reasons at the days that they are about, others above the grid."""
        extra: Engagement | None = self.cleaned_data.get(EXTRA)
        places: dict[str, str] = {}
        if extra is not None:
            places = {cell_code(extra.pk, n): extra_name(n) for n in self.grid.days}
        for reason in reasons:
            name = places.get(reason.code, reason.code)
            self.add_error(name if name in self.fields else None, reason.sentence)


def extra_name(day: date) -> str:
    """Return the name of the input of a day in the row of other work."""
    return f"hours-{EXTRA}-{day:%Y%m%d}"


class WeekAddForm(forms.Form):
    """A week for which nobody is booked, or one long past: any of its days."""

    day = DayField(label=_("A day of the week"))

    @property
    def chosen(self) -> date:
        return cast(date, self.cleaned_data["day"])
