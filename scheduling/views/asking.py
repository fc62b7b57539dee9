"""Ask for people: first for what, then the form that fits it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.queries import gate_for
from engagements.rules.gate import reasons_against_hard_booking
from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.registry import Reason, RuleRefused
from scheduling.access import get_request
from scheduling.asking import (
    choices_of_subject,
    draft_about,
    first_ranges,
    kinds_for,
)
from scheduling.choices import RequestKind, RequestState
from scheduling.forms.asking import AskForms, forms_for
from scheduling.models import ResourceRequest
from scheduling.queries.requests import open_questions_about
from scheduling.rules.requests import (
    is_about_booking,
    reasons_against_asking_about,
    reasons_against_editing,
)
from scheduling.services.requests import save_request, send_request
from scheduling.views.answers import REFUSED_BY_RULE, REFUSED_FORM, is_stale, refused

SEND = "send"


@require_http_methods(["GET", "POST"])
def request_add(request: SignedInRequest) -> HttpResponse:
    kinds = kinds_for(request.user)
    kind = request.GET.get("kind", "")
    if kind not in kinds:
        context = {"kinds": kinds, "engagement": request.GET.get("engagement", "")}
        status = REFUSED_FORM if request.method == "POST" else 200
        return render(request, "scheduling/request_kind.html", context, status=status)
    asked = draft_about(request, RequestKind(kind))
    if asked is None:
        return choose_subject(request, RequestKind(kind))
    if asked.allocation is not None:
        others = open_questions_about(asked.allocation)
        reasons = reasons_against_asking_about(asked.allocation, others)
        if reasons:
            return refused(request, reasons, asked.allocation.get_absolute_url())
    return request_form(request, asked)


def choose_subject(request: SignedInRequest, kind: RequestKind) -> HttpResponse:
    words = request.GET.get("q", "")[:100]
    context = {
        "kind": kind,
        "q": words,
        "about_booking": is_about_booking(kind),
        "found": choices_of_subject(request.user, kind, words, clock.now()),
    }
    status = REFUSED_FORM if request.method == "POST" else 200
    return render(request, "scheduling/request_subject.html", context, status=status)


@require_http_methods(["GET", "POST"])
def request_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    asked = get_request(request, pk)
    reasons = reasons_against_editing(asked)
    if reasons:
        return refused(request, reasons, asked.get_absolute_url())
    return request_form(request, asked)


def request_form(request: SignedInRequest, asked: ResourceRequest) -> HttpResponse:
    """Show the form of a new or stored request; write it when it was posted."""
    forms = forms_for(request, asked, first_ranges(asked))
    status = 200
    if request.method == "POST":
        try:
            saved = write_request(request, forms) if forms.are_valid() else None
        except RuleRefused as refusal:
            saved = None
            status = REFUSED_BY_RULE if is_stale(refusal.reasons) else REFUSED_FORM
            stored = ResourceRequest.objects.filter(pk=asked.pk).first()
            forms.tell(refusal.reasons, stored)
        if saved is not None:
            return redirect(saved)
        status = status if status != 200 else REFUSED_FORM
    context = {**forms.context, "gate_reasons": reasons_of_gate(asked)}
    return render(request, "scheduling/request_form.html", context, status=status)


def reasons_of_gate(asked: ResourceRequest) -> list[Reason]:
    """R-2: what a hard booking would still lack, told while it is asked for."""
    if asked.kind != RequestKind.ENGAGEMENT or asked.engagement is None:
        return []
    gate = gate_for(asked.engagement, clock.now())
    return reasons_against_hard_booking(gate)


def write_request(request: SignedInRequest, forms: AskForms) -> ResourceRequest:
    """Save what was typed; what is new is sent where its button says so."""
    asked, version = forms.asked, forms.version
    was_draft = asked.pk is None or asked.state == RequestState.DRAFT
    sends = was_draft and SEND in request.POST
    write = send_request if sends else save_request
    saved = write(asked, forms.wish, version=version, by=request.user, now=clock.now())
    words = _("The request is sent.") if sends else _("The request is saved.")
    messages.success(request, words)
    return saved
