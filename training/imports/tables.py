"""From the text of a file to its rows: the delimiter is found, not asked for."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO

from django.utils.translation import gettext as _

from training.imports.columns import header_of
from training.imports.problems import UnreadableReport

DELIMITERS = (",", ";", "\t")
SEPARATOR_LINE = "sep="
# Far above the largest webinar: nobody waits for a file that is something else.
MOST_ROWS = 30_000


@dataclass(frozen=True)
class Row:
    """A row of the file; `line` is where it ends, as an editor counts."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


def rows_of(
    text: str, *, shows: Callable[[Sequence[str]], object] = header_of
) -> list[Row]:
    """Return the rows, cut at the delimiter that shows a table of people.

    `shows` tells the head of such a table. Without one the rows of the delimiter that
    is most frequent: what the file is instead is told later. Raises UnreadableReport
    for broken quotation.
    """
    text = without_separator_line(text)
    problem: UnreadableReport | None = None
    likely: list[Row] | None = None
    for delimiter in sorted(DELIMITERS, key=text.count, reverse=True):
        try:
            rows = cut(text, delimiter)
        except UnreadableReport as error:
            # What breaks only when cut at the wrong delimiter is not broken.
            problem = problem or (error if likely is None else None)
            continue
        if any(shows(row.cells) for row in rows):
            return rows
        likely = rows if likely is None else likely
    if problem is not None:
        raise problem
    return likely or []


def without_separator_line(text: str) -> str:
    """Leave out the first line by which spreadsheets note the delimiter."""
    first, _end, rest = text.partition("\n")
    return rest if first.strip().strip('"').startswith(SEPARATOR_LINE) else text


def cut(text: str, delimiter: str) -> list[Row]:
    """Return the rows of a text; raises UnreadableReport where it is broken."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    try:
        for cells in reader:
            rows.append(Row(reader.line_num, tuple(cells)))
            refuse_too_many(rows)
    except csv.Error as error:
        raise UnreadableReport("broken", broken_line(reader.line_num)) from error
    return rows


def refuse_too_many(rows: Sequence[Row]) -> None:
    """Raise UnreadableReport for a file longer than any class."""
    if len(rows) > MOST_ROWS:
        sentence = _("The file has more than %(most)s lines: that is no class.")
        raise UnreadableReport("long", sentence % {"most": MOST_ROWS})


def broken_line(line: int) -> str:
    sentence = _(
        "Line %(line)s cannot be read: a quotation mark is not closed, or text follows "
        "a closed one. Download the report again, without editing it."
    )
    return sentence % {"line": line}
