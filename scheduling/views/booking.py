"""Book, change and release by form; from a request, or with a reason instead."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.access import reached_engagement
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.registry import RuleRefused
from scheduling.access import get_allocation, get_request
from scheduling.asking import engagements_to_book, number_in
from scheduling.booking_page import (
    BookPage,
    book_page,
    from_booking,
    from_change,
    from_request,
    without_request,
)
from scheduling.change_page import change_of
from scheduling.choices import RequestKind, RequestState
from scheduling.forms.booking import FIELD_OF, ReleaseForm
from scheduling.forms.fields import tell_reasons
from scheduling.models import Allocation, ResourceRequest
from scheduling.rules.booking import reasons_against_changing
from scheduling.rules.requests import reasons_against_handling
from scheduling.services.bookings import Change, release
from scheduling.services.requests import (
    Order,
    apply_change,
    apply_release,
    book_directly,
    book_request,
    change_directly,
)
from scheduling.views.answers import (
    REFUSED_FORM,
    is_stale,
    posted,
    refused,
)
from scheduling.views.requests import after_handling
from scheduling.words import headline

# The button that shows what is free and writes nothing.
LOOK = "look"
Write = Callable[[Order, dict[str, Any]], Allocation]


@require_http_methods(["GET", "POST"])
def request_book(request: SignedInRequest, pk: int) -> HttpResponse:
    asked = get_request(request, pk)
    reasons = reasons_against_handling(asked, RequestState.BOOKED)
    if asked.allocation is not None:
        reasons += reasons_against_changing(asked.allocation)
    if reasons:
        return refused(request, reasons, asked.get_absolute_url())
    if asked.kind == RequestKind.RELEASE:
        return apply_release_page(request, asked)
    if asked.allocation is not None:
        return apply_change_page(request, asked, asked.allocation)
    page = book_page(request, from_request(asked, candidate(request)))

    def write(order: Order, typed: dict[str, Any]) -> Allocation:
        (booked,) = book_request(
            asked,
            [order],
            version=typed["version"],
            by=request.user,
            now=clock.now(),
        )
        return booked

    context = {"asked": asked, "headline": headline(asked)}
    return answer(request, page, write, context)


def candidate(request: SignedInRequest) -> User | None:
    """Return the person whom the address names, if they work here."""
    pk = number_in(request.GET, "person")
    return User.objects.active().filter(pk=pk).first() if pk else None


def apply_change_page(
    request: SignedInRequest, asked: ResourceRequest, booking: Allocation
) -> HttpResponse:
    page = book_page(request, from_change(asked, booking))

    def write(order: Order, typed: dict[str, Any]) -> Allocation:
        why = Change(reason=typed["reason"], cause=typed["cause"])
        return apply_change(
            asked,
            order,
            why,
            version=typed["version"],
            by=request.user,
            now=clock.now(),
        )

    context = {
        "asked": asked,
        "headline": headline(asked),
        "booking": booking,
        "change": change_of(asked),
    }
    return answer(request, page, write, context)


@require_http_methods(["GET", "POST"])
def allocation_add(request: SignedInRequest) -> HttpResponse:
    pk = number_in(request.GET, "engagement")
    if pk is None:
        return choose_engagement(request)
    engagement = reached_engagement(request.user, pk, Action.BOOK)
    page = book_page(
        request, without_request(engagement, {"person": candidate(request)})
    )

    def write(order: Order, typed: dict[str, Any]) -> Allocation:
        return book_directly(
            order, by=request.user, reason=typed["reason"], now=clock.now()
        )

    return answer(request, page, write, {"engagement": engagement})


def choose_engagement(request: SignedInRequest) -> HttpResponse:
    words = request.GET.get("q", "")[:100]
    context = {"q": words, "found": engagements_to_book(request.user, words)}
    status = REFUSED_FORM if request.method == "POST" else 200
    template = "scheduling/allocation_subject.html"
    return render(request, template, context, status=status)


@require_http_methods(["GET", "POST"])
def allocation_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    booking = get_allocation(request, pk)
    reasons = reasons_against_changing(booking)
    if reasons:
        return refused(request, reasons, booking.get_absolute_url())
    page = book_page(request, from_booking(booking))

    def write(order: Order, typed: dict[str, Any]) -> Allocation:
        why = Change(
            reason=typed["reason"], cause=typed["cause"], version=typed["version"]
        )
        return change_directly(booking, order, why, by=request.user, now=clock.now())

    return answer(request, page, write, {"booking": booking})


def answer(
    request: SignedInRequest, page: BookPage, write: Write, context: dict[str, Any]
) -> HttpResponse:
    """Show the page, or book what was typed; a refusal books nothing and says why."""
    status = 200
    if request.method == "POST":
        try:
            booked = written(request, page, write)
        except RuleRefused as refusal:
            if is_stale(refusal.reasons):
                return refused(request, refusal.reasons, back_of(context))
            page.tell(refusal.reasons)
            booked = None
        if booked is not None:
            return after_booking(request, page, booked, context.get("asked"))
        only_looked = LOOK in request.POST and page.is_valid() and not page.against
        status = 200 if only_looked else REFUSED_FORM
    context = {**context, "page": page, "source": page.source}
    return render(request, "scheduling/book_form.html", context, status=status)


def written(
    request: SignedInRequest, page: BookPage, write: Write
) -> Allocation | None:
    """Return what was booked; None where something is wrong, or somebody only looks."""
    if not page.is_valid():
        return None
    shown = page.look()
    page.tell(shown.plan.reasons)
    if shown.plan.reasons or LOOK in request.POST:
        return None
    return write(page.order, page.form.cleaned_data)


def back_of(context: dict[str, Any]) -> str:
    for name in ("asked", "booking", "engagement"):
        if name in context:
            return str(context[name].get_absolute_url())
    return "/"


def after_booking(
    request: SignedInRequest,
    page: BookPage,
    booked: Allocation,
    asked: ResourceRequest | None,
) -> HttpResponse:
    messages.success(request, _("Booked: %s") % f"{booked.who}, {booked}")
    for warning in page.shown.warnings if page.shown else ():
        messages.warning(request, warning)
    if asked is not None:
        return redirect(after_handling(request, asked))
    return redirect(booked)


def apply_release_page(
    request: SignedInRequest, asked: ResourceRequest
) -> HttpResponse:
    booking = asked.allocation
    first = asked.ranges.values_list("starts_on", flat=True).first()
    initial = {
        "version": asked.version,
        "from_day": first,
        "cause": asked.cause,
        "reason": asked.note,
    }
    form = ReleaseForm(posted(request), initial=initial)

    def write(typed: dict[str, Any]) -> Allocation:
        return apply_release(
            asked,
            Change(reason=typed["reason"], cause=typed["cause"]),
            from_day=typed["from_day"],
            version=typed["version"],
            by=request.user,
            now=clock.now(),
        )

    context = {"asked": asked, "headline": headline(asked), "booking": booking}
    return answer_release(request, form, write, context)


@require_http_methods(["GET", "POST"])
def allocation_release(request: SignedInRequest, pk: int) -> HttpResponse:
    booking = get_allocation(request, pk)
    reasons = reasons_against_changing(booking)
    if reasons:
        return refused(request, reasons, booking.get_absolute_url())
    form = ReleaseForm(posted(request), initial={"version": booking.version})

    def write(typed: dict[str, Any]) -> Allocation:
        why = Change(
            reason=typed["reason"], cause=typed["cause"], version=typed["version"]
        )
        return release(
            booking,
            why,
            from_day=typed["from_day"],
            by=request.user,
            now=clock.now(),
        )

    return answer_release(request, form, write, {"booking": booking})


def answer_release(
    request: SignedInRequest,
    form: ReleaseForm,
    write: Callable[[dict[str, Any]], Allocation],
    context: dict[str, Any],
) -> HttpResponse:
    """Show the form, or release what was typed."""
    booking, asked = context["booking"], context.get("asked")
    if form.is_valid():
        try:
            write(form.cleaned_data)
        except RuleRefused as refusal:
            if is_stale(refusal.reasons):
                return refused(request, refusal.reasons, back_of(context))
            tell_reasons(form, refusal.reasons, FIELD_OF)
        else:
            messages.success(request, _("Released: %s") % f"{booking.who}, {booking}")
            return redirect(after_handling(request, asked) if asked else booking)
    context = {**context, "form": form}
    status = REFUSED_FORM if form.is_bound else 200
    return render(request, "scheduling/release_form.html", context, status=status)
