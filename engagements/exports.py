"""The list of engagements as CSV: exactly what is shown, safe for spreadsheets.

A short list is sent at once; of a long one a job makes the file.
"""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain, islice
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files import File
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagements.access import visible_engagements, with_value_right
from engagements.filters import filtered
from engagements.models import Engagement
from engagements.queries import ListRow, list_rows
from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.jobs.registry import Outcome, register_job
from psdelivery.jobs.services import Work
from psdelivery.people.exports import csv_lines
from psdelivery.people.models import User

CHUNK = 500
# Longer lists keep a web process, and whoever waits for it, too long.
MOST_AT_ONCE = 2_000
# Tells spreadsheets that the file is UTF-8.
SIGN = "\ufeff"
JOB = "engagement-export"


def listed_for(user: User, query: QueryDict, now: datetime) -> QuerySet[Engagement]:
    """Return the engagements that the address of a list names, as the person sees them.

    Raises ValueError for an address that asks for what there is not.
    """
    request = HttpRequest()
    request.GET = query  # type: ignore[assignment]  # read only, as of a browser
    request.user = user
    seen = with_value_right(visible_engagements(user), user)
    filterset = filtered(seen, request, now)
    if filterset.form.errors:
        raise ValueError(query.urlencode())
    rows: QuerySet[Engagement] = filterset.qs
    return rows


def sees_values(user: User) -> bool:
    """Tell whether the file has columns for money."""
    return scope_for(user.role_set, Action.VALUE_SEE) is not Scope.NONE


def engagement_lines(engagements: Any, *, zone: str, with_value: bool) -> Iterator[str]:
    """Yield the CSV line by line; a chunk of rows is in memory at a time."""
    rows = (
        cells_of(row, zone=zone, with_value=with_value)
        for chunk in _chunks(engagements.iterator(chunk_size=CHUNK))
        for row in list_rows(chunk)
    )
    lines = csv_lines(chain([headings(with_value=with_value)], rows))
    yield SIGN + next(lines)
    yield from lines


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


def file_name(day: date) -> str:
    """Return what the file is called."""
    return f"engagements-{day.isoformat()}.csv"


def make_export(work: Work) -> Outcome:
    """Write the whole list into a file, as who asked for it may see it now.

    Started again it begins anew: nothing is written but the file.
    """
    now = clock.now()
    found = listed_for(work.by, QueryDict(work.arguments["query"]), now)
    total = found.count()
    lines = engagement_lines(found, zone=work.by.zone, with_value=sees_values(work.by))
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the last reference)
    for number, line in enumerate(lines):
        file.write(line.encode())
        work.progress(number, total)
    file.seek(0)
    text = ngettext("%(n)s engagement.", "%(n)s engagements.", total) % {"n": total}
    return Outcome(text, file=File(file, file_name(clock.today(work.by.zone))))


def register_exports() -> None:
    """Let jobs make the files of long lists."""
    register_job(JOB, make_export, gettext_lazy("Export of engagements"))
