from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from psdelivery import clock
from psdelivery.jobs.services import start_job
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of
from psdelivery.registry import RuleRefused
from training.access import get_delivery
from training.choices import RowFate
from training.forms.report_files import ReportUploadForm, ReviewForm
from training.models import AttendeeReport, Delivery, ReportRow
from training.report_jobs import AT_ONCE, JOB
from training.roster_access import get_report, get_row
from training.rules.matching import people_of
from training.rules.roster import reasons_against_roster
from training.services.decisions import decide_rows, reopen_row
from training.services.reports import Upload, file_report, take_in, words_of
from training.views.answers import posted, refused, status_of, write_form

PAGE_SIZE = 25
ROSTER = "training:delivery-roster"
REVIEW = "training:report-review"


@require_http_methods(["GET", "POST"])
def report_upload(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    against = reasons_against_roster(delivery)
    if against:
        return refused(request, against, delivery.get_absolute_url())
    form = ReportUploadForm(
        posted(request), request.FILES or None, delivery=delivery, now=clock.now()
    )
    answer = write_form(form, lambda: taken(request, delivery, form))
    if answer is None:
        context = {"delivery": delivery, "form": form}
        status = status_of(form)
        return render(
            request, "training/roster/report_upload.html", context, status=status
        )
    return answer


@transaction.atomic
def taken(
    request: SignedInRequest, delivery: Delivery, form: ReportUploadForm
) -> HttpResponse:
    """Take a short report in at once; of a long one a job does it."""
    upload, now = form.upload, clock.now()
    report, is_new = file_report(delivery, upload, by=request.user, now=now)
    people = len(people_of(upload.report.entries))
    if not is_new and report.rows.count() >= people:
        words = _("This file is here already: nothing changed.")
        messages.info(request, words)
        return next_page(report)
    if people > AT_ONCE:
        return redirect(start_taking_in(request, report, upload, form))
    take_in(report, upload.report, by=request.user, now=now)
    messages.success(request, words_of(report))
    return next_page(report)


def start_taking_in(
    request: SignedInRequest,
    report: AttendeeReport,
    upload: Upload,
    form: ReportUploadForm,
) -> Any:
    near = upload.session or next(iter(form.sessions), None)
    arguments = {
        "report": report.pk,
        "zone": form.cleaned_data["zone"],
        "near": near.pk if near else None,
    }
    title = _("Import: %(report)s") % {"report": report}
    return start_job(JOB, title, arguments, by=request.user, now=clock.now())


def next_page(report: AttendeeReport) -> HttpResponse:
    if report.rows.filter(fate=RowFate.DOUBTFUL).exists():
        return redirect(REVIEW, report.delivery_id, report.pk)
    return redirect(ROSTER, report.delivery_id)


@require_http_methods(["GET", "POST"])
def report_review(request: SignedInRequest, pk: int, report: int) -> HttpResponse:
    found = get_report(request, pk, report)
    waiting = found.rows.filter(fate=RowFate.DOUBTFUL)
    page = page_of(waiting, request, size=PAGE_SIZE)
    rows = list(page.object_list)
    for row in rows:
        row.report = found
    people = found.delivery.attendees.prefetch_related("aliases")
    form = ReviewForm(posted(request), rows=rows, roster=list(people))
    decided = write_form(
        form,
        lambda: decide_rows(found, form.decisions, by=request.user, now=clock.now()),
    )
    if decided is None:
        return review_page(request, found, form, page)
    sentence = ngettext("%(n)s row is decided.", "%(n)s rows are decided.", decided)
    messages.success(request, sentence % {"n": decided})
    return next_page(found)


def review_page(
    request: SignedInRequest, report: AttendeeReport, form: ReviewForm, page: Any
) -> HttpResponse:
    settled = report.rows.exclude(fate=RowFate.DOUBTFUL).select_related("attendee")
    context = {
        "delivery": report.delivery,
        "report": report,
        "form": form,
        "page": page,
        "decided": page_of(settled, request, size=PAGE_SIZE * 2),
        "may_decide": not reasons_against_roster(report.delivery),
    }
    template = "training/roster/report_review.html"
    return render(request, template, context, status=status_of(form))


@require_POST
def row_reopen(
    request: SignedInRequest, pk: int, report: int, row: int
) -> HttpResponse:
    found: ReportRow = get_row(request, pk, report, row)
    try:
        reopen_row(found, by=request.user, now=clock.now())
    except RuleRefused as error:
        url = f"{found.report.delivery.get_absolute_url()}roster/"
        return refused(request, error.reasons, url)
    messages.success(request, _("The row waits to be decided again."))
    return redirect(REVIEW, pk, report)
