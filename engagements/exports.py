"""The list of engagements as CSV: exactly what is shown, safe for spreadsheets."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from engagements.queries import ListRow, list_rows

# A cell that begins with one of these is a formula to a spreadsheet; some read the
# wide forms of East Asian keyboards so, and some leave out the space before.
FORMULA_STARTS = frozenset("=+-@＝＋－＠\t\r\n")
CHUNK = 500


class Line:
    """A file for the csv module that hands back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def safe_cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    seen = (text[:1], text.lstrip()[:1])
    return f"'{text}" if FORMULA_STARTS.intersection(seen) else text


def engagement_lines(engagements: Any, *, zone: str, with_value: bool) -> Iterator[str]:
    """Yield the CSV line by line; a chunk of rows is in memory at a time."""
    writer = csv.writer(Line())
    yield writer.writerow(headings(with_value=with_value))
    found = engagements.iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        for row in list_rows(chunk):
            cells = cells_of(row, zone=zone, with_value=with_value)
            yield writer.writerow([safe_cell(cell) for cell in cells])


def headings(*, with_value: bool) -> list[str]:
    """Return the columns of the list, as it shows them."""
    names = [
        _("Customer"),
        _("Engagement"),
        _("Kind"),
        _("Status"),
        _("Phase"),
        _("Next deadline"),
        _("Late steps"),
        _("Lead"),
        _("Ball with"),
        _("Since"),
    ]
    return [*names, _("Value"), _("Currency")] if with_value else names


def cells_of(row: ListRow, *, zone: str, with_value: bool) -> Iterable[object]:
    """Return the cells of one row; the value only where its reader may see it."""
    one = row.engagement
    cells: list[object] = [
        one.customer,
        one.title,
        one.get_kind_display(),
        one.get_status_display(),
        row.phase,
        deadline_cell(row, zone),
        row.late,
        row.lead.display_name if row.lead else "",
        one.get_ball_with_display(),
        local_time(one.ball_since, zone).date().isoformat(),
    ]
    if not with_value:
        return cells
    paper = getattr(one, "paper", None)
    if paper is None or not row.sees_value:
        return [*cells, "", ""]
    return [*cells, paper.value, paper.currency]


def deadline_cell(row: ListRow, zone: str) -> str:
    """Return the next deadline: its day, or the moment on the reader's clock."""
    step = row.next_step
    if step is None or step.due_at is None:
        return ""
    if step.due_is_day and step.due_day is not None:
        return step.due_day.isoformat()
    return f"{local_time(step.due_at, zone):%Y-%m-%d %H:%M}"


def local_time(moment: datetime, zone: str) -> datetime:
    """Return the moment on the reader's clock."""
    return moment.astimezone(ZoneInfo(zone))
