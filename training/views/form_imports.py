from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import REFUSED_FORM, write_form
from psdelivery.registry import Reason, RuleRefused
from training.access import get_delivery, get_form_import
from training.forms.form_imports import ReadingForm, UploadForm
from training.import_job import MOST_AT_ONCE, start_import
from training.models import FormImport
from training.rules.certification import reasons_against_import
from training.rules.form_rows import Fate, count_fates
from training.services.form_imports import (
    change_reading,
    discard_results,
    earlier_import,
    enter_results,
    entered_words,
    judged_rows,
    new_rows,
    open_questions,
    reasons_of_settled,
    upload_results,
)
from training.views.answers import posted, refused, status_of

UPLOAD = "training/certification/import_form.html"
LOOK = "training/certification/import_detail.html"
ROWS_SHOWN = 50


def tab_of(found: FormImport) -> str:
    """Return the certification of the class, where an import comes from."""
    return reverse("training:delivery-certification", args=[found.delivery_id])


def tell(form: BaseForm, reasons: Iterable[Reason]) -> None:
    """Put reasons at the fields that their code names, others above the form."""
    for reason in reasons:
        field = reason.code if reason.code in form.fields else None
        form.add_error(field, reason.sentence)


@require_http_methods(["GET", "POST"])
def submission_import(request: SignedInRequest, pk: int) -> HttpResponse:
    """Upload the results of a form; nothing is entered by it."""
    delivery = get_delivery(request, pk)
    against = reasons_against_import(delivery)
    if against:
        return refused(request, against, delivery.get_absolute_url())
    form = UploadForm(
        posted(request), request.FILES or None, initial={"zone": request.user.zone}
    )
    found = write_form(
        form,
        lambda: upload_results(
            delivery,
            form.cleaned_data["file"],
            zone=form.cleaned_data["zone"],
            by=request.user,
            now=clock.now(),
        ),
        tell,
    )
    if found is not None:
        return redirect(found)
    context = {"delivery": delivery, "form": form}
    return render(request, UPLOAD, context, status=status_of(form))


@require_GET
def import_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_form_import(request, pk)
    if found.settled_at is not None:
        return redirect(tab_of(found))
    return look(request, found)


def look(
    request: SignedInRequest,
    found: FormImport,
    *,
    form: ReadingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show what becomes of each row as things are now: a dry run."""
    questions = open_questions(found)
    judged = [] if questions else judged_rows(found, clock.now())
    wanted = request.GET.get("fate", "")
    shown = [one for one in judged if wanted in {"", one.fate}]
    counts = count_fates(judged)
    context: dict[str, Any] = {
        "found": found,
        "delivery": found.delivery,
        "form": form or ReadingForm(found=found),
        "questions": questions,
        "numbers": [
            (fate.label, counts[fate], fate, fate.tone if counts[fate] else "neutral")
            for fate in Fate
        ],
        "page": Paginator(shown, ROWS_SHOWN).get_page(request.GET.get("page")),
        "new": counts[Fate.NEW],
        "wanted": wanted,
        "earlier": earlier_import(found),
        "in_background": counts[Fate.NEW] > MOST_AT_ONCE,
    }
    return render(request, LOOK, context, status=status)


@require_POST
def import_columns(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_form_import(request, pk)
    if found.settled_at is not None:
        return refused(request, reasons_of_settled(found), tab_of(found))
    form = ReadingForm(request.POST, found=found)
    changed = write_form(
        form,
        lambda: change_reading(found, form.values, by=request.user, now=clock.now()),
        tell,
    )
    if changed is None:
        return look(request, found, form=form, status=REFUSED_FORM)
    messages.success(request, _("The file is read like this now."))
    return redirect(changed)


@require_POST
def import_run(request: SignedInRequest, pk: int) -> HttpResponse:
    """Enter what is new: at once, or by a background job where there is much."""
    found = get_form_import(request, pk)
    now = clock.now()
    try:
        if len(new_rows(found, now)) > MOST_AT_ONCE:
            return redirect(start_import(found, by=request.user, now=now))
        entered = enter_results(found, by=request.user, now=now)
    except RuleRefused as refusal:
        return refused(request, refusal.reasons, tab_of(found))
    messages.success(request, entered_words(entered))
    return redirect(tab_of(found))


@require_POST
def import_discard(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_form_import(request, pk)
    try:
        discard_results(found, by=request.user, now=clock.now())
    except RuleRefused as refusal:
        return refused(request, refusal.reasons, tab_of(found))
    messages.success(request, _("The file is discarded; nothing was entered."))
    return redirect(tab_of(found))
