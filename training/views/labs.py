from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people.exports import csv_lines
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of, sorted_by
from psdelivery.people.views import answers
from psdelivery.registry import RuleRefused
from training.access import (
    get_delivery,
    get_lab_code,
    get_lab_extension,
    visible_deliveries,
)
from training.code_queries import CodeFilter, CodeRow, code_rows, codes_matching
from training.forms.labs import (
    FIELD_OF,
    AskForm,
    CodeFilterForm,
    CodeForm,
    DecideForm,
    RetireForm,
)
from training.lab_mails import LAB_ACCESS_ATTENDEES
from training.lab_pages import clock_words, dies_words, labs_page, standing_of
from training.lab_texts import request_text
from training.labs_queries import lab_situation, labs_url
from training.models import Delivery
from training.rules.labs import window_words
from training.services.lab_mails import prepare_access_mails
from training.services.labs import (
    ask_extension,
    decide_extension,
    enter_code,
    reasons_against_labs,
    reasons_of_present,
    retire_code,
)
from training.views.answers import posted, refused, status_of
from training.views.drafted import to_drafts

T = TypeVar("T")
PAGE_SIZE = 25
SORTS = {
    "dies": ("expires_at", "first_start"),
    "first": ("first_start",),
    "class": ("title", "first_start"),
    "customer": ("engagement__customer__name", "first_start"),
}


def tell_at_fields(form: BaseForm, reasons: Any) -> None:
    for reason in reasons:
        name = FIELD_OF.get(reason.code)
        form.add_error(name if name in form.fields else None, reason.sentence)


def write_form(form: BaseForm, write: Callable[[], T]) -> T | None:
    return answers.write_form(form, write, tell_at_fields)


@require_GET
def delivery_labs(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    context = labs_page(request, delivery, now=clock.now())
    return render(request, "training/labs/detail.html", context)


def lab_form(
    request: SignedInRequest, delivery: Delivery, form: Any, page: str, **more: Any
) -> HttpResponse:
    context = {"delivery": delivery, "form": form, "back": labs_url(delivery), **more}
    status = status_of(form)
    return render(request, f"training/labs/{page}.html", context, status=status)


@require_http_methods(["GET", "POST"])
def lab_code_add(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery, now = get_delivery(request, pk), clock.now()
    situation = lab_situation(delivery)
    against = reasons_against_labs(situation) or reasons_of_present(situation)
    if against or situation.window is None:
        return refused(request, against, labs_url(delivery))
    window = situation.window
    seats = {"seats": delivery.seats}
    form = CodeForm(posted(request), zone=request.user.zone, at=now, initial=seats)
    entered = write_form(
        form, lambda: enter_code(delivery, form.draft, by=request.user, now=now)
    )
    if entered is None:
        more = {"window_words": window_words(window), "situation": situation}
        return lab_form(request, delivery, form, "code_form", **more)
    dies = clock_words(entered.expires_at, window.zone, request.user)
    messages.success(request, _("The code is entered. It lives until %s.") % dies)
    return redirect(labs_url(delivery))


@require_POST
def lab_access_attendees(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    try:
        drafts = prepare_access_mails(delivery, by=request.user, now=clock.now())
    except RuleRefused as refusal:
        return refused(request, refusal.reasons, labs_url(delivery))
    if not drafts:
        messages.info(request, _("Every attendee was told of this code already."))
        return redirect(labs_url(delivery))
    return to_drafts(request, drafts, kind=LAB_ACCESS_ATTENDEES)


@require_http_methods(["GET", "POST"])
def lab_code_retire(request: SignedInRequest, pk: int) -> HttpResponse:
    code = get_lab_code(request, pk)
    form = RetireForm(posted(request))
    retired = write_form(
        form,
        lambda: retire_code(
            code, by=request.user, reason=form.cleaned_data["reason"], now=clock.now()
        ),
    )
    if retired is None:
        return lab_form(request, code.delivery, form, "code_retire", lab_code=code)
    messages.success(request, _("The code is retired."))
    return redirect(labs_url(code.delivery))


@require_http_methods(["GET", "POST"])
def lab_extension_ask(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery, now = get_delivery(request, pk), clock.now()
    situation = lab_situation(delivery)
    against = reasons_against_labs(situation)
    if against or situation.window is None:
        return refused(request, against, labs_url(delivery))
    window = situation.window
    form = AskForm(posted(request), zone=window.zone, at=window.needed_until)
    asked = write_form(
        form,
        lambda: ask_extension(
            delivery,
            form.moment,
            note=form.cleaned_data["note"],
            by=request.user,
            now=now,
        ),
    )
    if asked is None:
        more = {"situation": situation, "request_text": request_text(situation)}
        return lab_form(request, delivery, form, "extension_ask", **more)
    messages.success(request, _("Noted: enter the answer as soon as it is there."))
    return redirect(labs_url(delivery))


@require_http_methods(["GET", "POST"])
def lab_extension_decide(request: SignedInRequest, pk: int) -> HttpResponse:
    extension, now = get_lab_extension(request, pk), clock.now()
    delivery = extension.delivery
    situation = lab_situation(delivery)
    against = reasons_against_labs(situation)
    if against or situation.window is None:
        return refused(request, against, labs_url(delivery))
    form = DecideForm(posted(request), zone=situation.window.zone, at=extension.until)
    decided = write_form(
        form,
        lambda: decide_extension(
            extension,
            form.granted_until,
            note=form.cleaned_data["note"],
            by=request.user,
            now=now,
        ),
    )
    if decided is None:
        more = {"extension": extension}
        return lab_form(request, delivery, form, "extension_decide", **more)
    messages.success(request, _("The answer is entered."))
    return redirect(labs_url(delivery))


@require_GET
def code_list(request: SignedInRequest) -> HttpResponse:
    form, now = CodeFilterForm(request.GET), clock.now()
    within = visible_deliveries(request.user, Action.WORK_SEE)
    wanted = form.wanted if form.is_valid() else None
    found = codes_matching(within, wanted or CodeFilter(), now=now)
    if wanted is None:
        found = found.none()
    needed = found.select_related("engagement__customer")
    in_order = sorted_by(needed, request, SORTS, default="dies")
    page = page_of(in_order, request, size=PAGE_SIZE)
    rows = rows_of(request, list(page.object_list))
    shown = [(row, *row_words(request, row)) for row in rows]
    context = {"form": form, "page": page, "rows": shown}
    return render(request, "training/labs/list.html", context, status=status_of(form))


def rows_of(request: SignedInRequest, deliveries: list[Any]) -> list[CodeRow]:
    """Return the rows; the code is for who works with the class."""
    mine = visible_deliveries(request.user, Action.WORK_EDIT)
    near = mine.filter(pk__in=[delivery.pk for delivery in deliveries])
    readable = set(near.values_list("pk", flat=True))
    return code_rows(deliveries, readable=readable, now=clock.now())


def row_words(request: SignedInRequest, row: CodeRow) -> tuple[Any, ...]:
    """Return the standing of a code, when it dies, how soon, and its window's start."""
    reader, now = request.user, clock.now()
    return (
        standing_of(row.state),
        clock_words(row.expires_at, row.zone, reader),
        dies_words(row.expires_at, reader, now=now) if row.expires_at else "",
        clock_words(row.opens, row.zone, reader),
    )


@require_GET
def code_export(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    form = CodeFilterForm(request.GET)
    if not form.is_valid():
        # The page says what is wrong with the filters.
        answer: HttpResponse = code_list(request)
        return answer
    within = visible_deliveries(request.user, Action.WORK_SEE)
    found = codes_matching(within, form.wanted, now=clock.now())
    needed = found.select_related("engagement__customer")
    deliveries = list(sorted_by(needed, request, SORTS, default="dies"))
    rows = code_rows(deliveries, readable=(), now=clock.now())
    file = StreamingHttpResponse(
        csv_lines(export_lines(rows)), content_type="text/csv; charset=utf-8"
    )
    file["Content-Disposition"] = 'attachment; filename="lab-codes.csv"'
    return file


def export_lines(rows: list[CodeRow]) -> list[list[object]]:
    """Return the lines of the file: everything but the codes, which are secrets."""
    head: list[object] = [
        _("Class"),
        _("Customer"),
        _("First session (UTC)"),
        _("Code"),
        _("Expires (UTC)"),
        _("Window opens (UTC)"),
        _("Extension"),
        _("Warning"),
    ]
    return [head, *[export_line(row) for row in rows]]


def export_line(row: CodeRow) -> list[object]:
    extension = row.extension.get_state_display() if row.extension else ""
    return [
        row.delivery.title,
        row.delivery.engagement.customer,
        utc_words(row.first_start),
        row.state.label,
        utc_words(row.expires_at),
        utc_words(row.opens),
        extension,
        " ".join(warning.sentence for warning in row.warnings),
    ]


def utc_words(at: Any) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""
