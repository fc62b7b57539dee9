"""Results of a survey as a file: one line an answer, some columns with marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from training.imports.columns import word_of
from training.imports.decoding import text_of
from training.imports.problems import UnreadableReport
from training.imports.tables import DELIMITERS, Row, cut, without_separator_line

LEAST, MOST = Decimal(1), Decimal(5)
# Columns of numbers that are no marks.
NO_MARKS = frozenset({"#", "no", "no.", "nr", "nr.", "id", "number", "row"})
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Answers:
    """How many answered, and the mean of all marks from 1 to 5."""

    answers: int
    score: Decimal


def read_survey(data: bytes) -> Answers:
    """Return what a file of survey results tells, whatever it was asked with.

    Marks are the columns in which every answer is a number from 1 to 5. Raises
    UnreadableReport where there is no such column.
    """
    text = without_separator_line(text_of(data))
    rows = [
        row for row in cut(text, max(DELIMITERS, key=text.count)) if not row.is_empty
    ]
    width = max((len(row.cells) for row in rows), default=0)
    place = next((n for n, row in enumerate(rows) if len(row.cells) == width), 0)
    head, answers = rows[place], rows[place + 1 :]
    marks = [
        mark
        for column in range(width)
        if word_of(head.cells[column]) not in NO_MARKS
        for mark in marks_in(answers, column)
    ]
    if not marks:
        sentence = _("There is no column with marks from 1 to 5 in it.")
        raise UnreadableReport("wrong-report", sentence)
    mean = (sum(marks, Decimal()) / len(marks)).quantize(CENT)
    return Answers(len(answers), mean)


def marks_in(answers: Sequence[Row], column: int) -> list[Decimal]:
    """Return the marks of a column, none where one of its cells is something else."""
    cells = [row.cells[column].strip() for row in answers if column < len(row.cells)]
    told = [cell for cell in cells if cell]
    try:
        marks = [Decimal(cell.replace(",", ".")) for cell in told]
    except InvalidOperation:
        return []
    is_scale = all(one.is_finite() and LEAST <= one <= MOST for one in marks)
    return marks if is_scale else []
