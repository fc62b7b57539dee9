"""The list of engagements as CSV: exactly what is shown, safe for spreadsheets."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, islice
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from engagements.queries import ListRow, list_rows
from psdelivery.people.exports import csv_lines

CHUNK = 500


def engagement_lines(engagements: Any, *, zone: str, with_value: bool) -> Iterator[str]:
    """Yield the CSV line by line; a chunk of rows is in memory at a time."""
    rows = (
        cells_of(row, zone=zone, with_value=with_value)
        for chunk in _chunks(engagements.iterator(chunk_size=CHUNK))
        for row in list_rows(chunk)
    )
    return csv_lines(chain([headings(with_value=with_value)], rows))


def _chunks(found: Iterator[Any]) -> Iterator[list[Any]]:
    while chunk := list(islice(found, CHUNK)):
        yield chunk


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
