"""The list of requests, and the page of one with what is decided there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of
from psdelivery.registry import RuleRefused
from scheduling.access import get_request, visible_requests
from scheduling.asking import kinds_for
from scheduling.forms.deciding import (
    AnswerForm,
    RefuseForm,
    WithdrawForm,
    decision_form,
)
from scheduling.forms.filters import RequestFilterForm
from scheduling.models import ResourceRequest
from scheduling.queries.requests import (
    in_queue_order,
    next_waiting,
    requests_matching,
    rows_of_list,
)
from scheduling.request_page import request_context, request_rows
from scheduling.services.requests import (
    answer_inquiry,
    refuse_request,
    submit_request,
    take_under_review,
    withdraw_request,
)
from scheduling.views.answers import posted, refused, status_of
from scheduling.words import headline

PAGE_SIZE = 25


@require_GET
def request_list(request: SignedInRequest) -> HttpResponse:
    user = request.user
    within = visible_requests(user)
    form = RequestFilterForm(request.GET, within=within)
    found = within.none()
    if form.is_valid():
        found = requests_matching(within, form.wanted, user)
    page = page_of(
        rows_of_list(in_queue_order(found, user.region)), request, size=PAGE_SIZE
    )
    context = {
        "form": form,
        "page": page,
        "rows": request_rows(page.object_list, clock.now()),
        "is_filtered": bool(request.GET),
        "may_ask": bool(kinds_for(user)),
        "may_book": scope_for(user.role_set, Action.BOOK) is Scope.ALL,
    }
    status = status_of(form)
    return render(request, "scheduling/request_list.html", context, status=status)


@require_GET
def request_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    asked = get_request(request, pk)
    context = request_context(request, asked, clock.now())
    return render(request, "scheduling/request_detail.html", context)


@require_POST
def request_submit(request: SignedInRequest, pk: int) -> HttpResponse:
    asked = get_request(request, pk)
    try:
        submit_request(
            asked, version=seen_version(request), by=request.user, now=clock.now()
        )
    except RuleRefused as refusal:
        return refused(request, refusal.reasons, asked.get_absolute_url())
    messages.success(request, _("The request is sent."))
    return redirect(asked)


@require_POST
def request_review(request: SignedInRequest, pk: int) -> HttpResponse:
    asked = get_request(request, pk)
    try:
        take_under_review(
            asked, version=seen_version(request), by=request.user, now=clock.now()
        )
    except RuleRefused as refusal:
        return refused(request, refusal.reasons, asked.get_absolute_url())
    messages.success(request, _("You have it now; the others see that."))
    return redirect(asked)


def seen_version(request: SignedInRequest) -> int | None:
    typed = request.POST.get("version", "")
    is_number = typed.isascii() and typed.isdigit() and len(typed) < 10
    return int(typed) if is_number else None


@dataclass(frozen=True)
class Decision:
    """A way to end a request: its form, its service, and what is said."""

    form: type[Form]
    title: str | Promise
    button: str | Promise
    done: str | Promise
    write: Callable[..., ResourceRequest]
    tone: str = "primary"


REFUSE = Decision(
    RefuseForm,
    gettext_lazy("Refuse the request"),
    gettext_lazy("Refuse it"),
    gettext_lazy("Refused: %s"),
    refuse_request,
    "outline-danger",
)
ANSWER = Decision(
    AnswerForm,
    gettext_lazy("Answer the inquiry"),
    gettext_lazy("Answer it"),
    gettext_lazy("Answered: %s"),
    answer_inquiry,
)
WITHDRAW = Decision(
    WithdrawForm,
    gettext_lazy("Withdraw the request"),
    gettext_lazy("Withdraw it"),
    gettext_lazy("Withdrawn: %s"),
    withdraw_request,
    "outline-danger",
)


@require_http_methods(["GET", "POST"])
def request_refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    return decide(request, get_request(request, pk), REFUSE)


@require_http_methods(["GET", "POST"])
def request_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    return decide(request, get_request(request, pk), ANSWER)


@require_http_methods(["GET", "POST"])
def request_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    return decide(request, get_request(request, pk), WITHDRAW)


def decide(
    request: SignedInRequest, asked: ResourceRequest, decision: Decision
) -> HttpResponse:
    form = decision_form(decision.form, posted(request), asked.version)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            decision.write(
                asked,
                typed["reason"],
                version=typed["version"],
                by=request.user,
                now=clock.now(),
            )
        except RuleRefused as refusal:
            return refused(request, refusal.reasons, asked.get_absolute_url())
        messages.success(request, str(decision.done) % headline(asked))
        return redirect(after_handling(request, asked))
    context: dict[str, Any] = {
        "asked": asked,
        "headline": headline(asked),
        "form": form,
        "decision": decision,
    }
    status = status_of(form)
    return render(request, "scheduling/request_decide.html", context, status=status)


def after_handling(request: SignedInRequest, asked: ResourceRequest) -> str:
    """Return where handling leads: for coordinators to the next one that waits."""
    books = scope_for(request.user.role_set, Action.BOOK) is Scope.ALL
    if not books or asked.requested_by_id == request.user.pk:
        return asked.get_absolute_url()
    following = next_waiting(visible_requests(request.user), asked, request.user)
    if following is None:
        return reverse("scheduling:request-list")
    return following.get_absolute_url()
