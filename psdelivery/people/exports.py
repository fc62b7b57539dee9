"""Lines of a CSV file, safe for spreadsheets."""

import csv
from collections.abc import Iterable, Iterator

# A cell that begins with one of these is a formula to a spreadsheet; some read the
# wide forms of East Asian keyboards so, and some leave out the space before.
FORMULA_STARTS = frozenset("=+-@＝＋－＠\t\r\n")


class Line:
    """A file for the csv module that hands back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def safe_cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    seen = (text[:1], text.lstrip()[:1])
    return f"'{text}" if FORMULA_STARTS.intersection(seen) else text


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield the lines of a file, one at a time."""
    writer = csv.writer(Line())
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])
