"""Worked hours as a list and as a file, and those of one engagement week by week."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from engagements.access import get_engagement
from engagements.registry import facts
from engagements.rules.hours import WorkedHours
from engagements.services.changes import allowed_hours
from psdelivery import clock
from psdelivery.people.context_processors import may_open
from psdelivery.people.exports import csv_lines, xlsx_file
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of
from scheduling.forms.hours_import import WorkedFilterForm
from scheduling.hours_access import sees_people
from scheduling.models import HoursEntry
from scheduling.queries.hours_list import (
    WorkedFilter,
    headings,
    person_weeks,
    table_of,
    worked_entries,
    worked_rows,
)

SIGN = "\ufeff"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 20_000
Table = list[list[object]]


def listed(request: SignedInRequest, form: WorkedFilterForm) -> QuerySet[HoursEntry]:
    """Return what the address asks for; nonsense narrows nothing."""
    user, wanted = request.user, WorkedFilter(**form.chosen)
    return worked_rows(worked_entries(user, wanted, everybody=sees_people(user)))


@require_GET
def worked_list(request: SignedInRequest) -> HttpResponse:
    form = WorkedFilterForm(request.GET)
    context = {
        "form": form,
        "page": page_of(listed(request, form), request),
        "query": request.GET.urlencode(),
        "may_import": may_open(request.user, "scheduling:hours-import-list"),
    }
    return render(request, "scheduling/hours/worked_list.html", context)


@require_GET
def worked_export(request: SignedInRequest) -> HttpResponse:
    """Send exactly what the list shows as CSV."""

    def write(table: Table) -> str:
        return SIGN + "".join(csv_lines(table))

    return worked_file(request, write, "csv", "text/csv; charset=utf-8")


@require_GET
def worked_sheet(request: SignedInRequest) -> HttpResponse:
    """Send the same as a sheet for spreadsheet programs."""

    def write(table: Table) -> bytes:
        return xlsx_file(table, title=_("Worked hours"))

    return worked_file(request, write, "xlsx", XLSX)


def worked_file(
    request: SignedInRequest,
    write: Callable[[Table], bytes | str],
    extension: str,
    content_type: str,
) -> HttpResponse:
    """Send a file of the list; one that is too long is narrowed first."""
    rows = listed(request, WorkedFilterForm(request.GET))
    if rows.count() > MOST_ROWS:
        words = _("More than %(n)s rows: narrow the list first.") % {"n": MOST_ROWS}
        messages.error(request, words)
        return redirect("scheduling:hours-list")
    content = write([headings(), *table_of(rows)])
    response = HttpResponse(content, content_type=content_type)
    name = f"hours-{clock.today(request.user.zone).isoformat()}.{extension}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def engagement_hours(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show planned and worked hours of an engagement by week and person."""
    engagement = get_engagement(request, pk)
    told = facts.read(WorkedHours, engagement) or WorkedHours()
    allowed = allowed_hours(engagement)
    context = {
        "engagement": engagement,
        "told": told,
        "allowed": allowed,
        "left": None if allowed is None else allowed - told.worked,
        "planned": sum((week.planned for week in told.weeks), told.to_release * 0),
        "people": person_weeks(engagement) if sees_people(request.user) else [],
        "list_url": f"{reverse('scheduling:hours-list')}?work={engagement.title}",
    }
    return render(request, "scheduling/hours/engagement_hours.html", context)
