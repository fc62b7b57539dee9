"""The import of hours: files, what becomes of each row, and taking them over."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.registry import RuleRefused
from scheduling.forms.fields import tell_reasons
from scheduling.forms.hours_import import HoursUploadForm
from scheduling.hours_import_job import AT_ONCE, start_import, words_of
from scheduling.models import HoursImport
from scheduling.rules.hours_import import Fate
from scheduling.services.hours.importing import (
    discard,
    judged_rows,
    reasons_unless_imported,
    take_over,
    upload_hours,
)
from scheduling.views.answers import posted, refused, status_of, write_form

LIST = "scheduling:hours-import-list"
ROWS_SHOWN = 50


@require_http_methods(["GET", "POST"])
def import_list(request: SignedInRequest) -> HttpResponse:
    """Show the files taken over before, and upload another one."""
    form = HoursUploadForm(posted(request), request.FILES or None)
    found = write_form(
        form,
        lambda: upload_hours(
            form.cleaned_data["file"],
            form.cleaned_data["covered_until"],
            by=request.user,
            now=clock.now(),
        ),
        lambda form, reasons: tell_reasons(form, reasons, {"file": "file"}),
    )
    if found is not None:
        return redirect(found)
    files = HoursImport.objects.select_related("uploaded_by").defer("rows")
    context = {
        "form": form,
        "page": Paginator(files, ROWS_SHOWN).get_page(request.GET.get("page")),
        "against": reasons_unless_imported(),
    }
    template = "scheduling/hours/import_list.html"
    return render(request, template, context, status=status_of(form))


@require_GET
def import_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what becomes of each row as things are now: a dry run."""
    found = get_object_or_404(HoursImport, pk=pk)
    judged = judged_rows(found)
    wanted = request.GET.get("fate", "")
    counts = {fate: sum(one.fate == fate for one in judged) for fate in Fate}
    shown = [one for one in judged if wanted in {"", one.fate}]
    context: dict[str, Any] = {
        "found": found,
        "numbers": [
            (fate.label, counts[fate], fate, fate.tone if counts[fate] else "neutral")
            for fate in Fate
        ],
        "page": Paginator(shown, ROWS_SHOWN).get_page(request.GET.get("page")),
        "wanted": wanted,
        "to_take": counts[Fate.NEW] + counts[Fate.CHANGED],
        "wrong": counts[Fate.WRONG],
        "against": reasons_unless_imported(),
    }
    return render(request, "scheduling/hours/import_detail.html", context)


@require_POST
def import_run(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a file over: at once, or by a background job where there is much."""
    found = get_object_or_404(HoursImport, pk=pk)
    now = clock.now()
    if len(found.rows) > AT_ONCE:
        return redirect(start_import(found, by=request.user, now=now))
    try:
        done = take_over(found, by=request.user, now=now)
    except RuleRefused as refusal:
        return refused(request, refusal.reasons, found.get_absolute_url())
    messages.success(request, words_of(done))
    return redirect(LIST)


@require_POST
def import_discard(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(HoursImport, pk=pk)
    try:
        discard(found, by=request.user, now=clock.now())
    except RuleRefused as refusal:
        return refused(request, refusal.reasons, found.get_absolute_url())
    messages.success(request, _("The file is discarded."))
    return redirect(LIST)
