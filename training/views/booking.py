"""Book the days of a class for its trainer, or ask coordination to."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.people.notices import link_notice
from psdelivery.registry import Reason, RuleRefused
from training.access import get_delivery
from training.booking_page import booking_context, first_values
from training.choices import TrainerHold
from training.forms.booking import BookingForm
from training.models import Delivery
from training.services.asking import ask_for_trainer
from training.services.trainer_bookings import (
    Following,
    book_trainer,
    reasons_against_booking_trainer,
    release_trainer,
)
from training.views.answers import REFUSED_BY_RULE, posted, refused, status_of


@require_http_methods(["GET", "POST"])
def delivery_booking(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    against = reasons_against_booking_trainer(delivery)
    if against:
        return refused(request, against, delivery.get_absolute_url())
    context = booking_context(request, delivery, now=clock.now())
    if request.method == "POST" and context["may_ask"]:
        return asked(request, delivery, context)
    if request.method == "POST" and not context["may_book"]:
        sentence = _("Coordination books these days: ask the coordinator.")
        return page(request, delivery, None, context, [Reason("books", sentence)])
    form = BookingForm(
        posted(request), delivery=delivery, initial=first_values(delivery, context)
    )
    reasons: Sequence[Reason] = ()
    if form.is_valid():
        try:
            write(request, delivery, form.cleaned_data)
            return redirect(delivery)
        except RuleRefused as refusal:
            reasons = refusal.reasons
    return page(request, delivery, form, context, reasons)


def write(request: SignedInRequest, delivery: Delivery, typed: dict[str, Any]) -> None:
    """Book or free the days; raises RuleRefused."""
    by, now, reason = request.user, clock.now(), typed["reason"]
    if typed["hold"] == TrainerHold.NONE:
        release_trainer(delivery, Following(by=by, now=now, reason=reason))
        messages.success(request, _("The days of the trainer are free."))
        return
    travels = typed.get("travels", False)
    book_trainer(
        delivery, typed["hold"], travels=travels, by=by, reason=reason, now=now
    )
    messages.success(request, _("The days of the trainer are booked."))


def asked(
    request: SignedInRequest, delivery: Delivery, context: dict[str, Any]
) -> HttpResponse:
    """Draft the request; it is sent on its own page."""
    try:
        draft = ask_for_trainer(delivery, by=request.user, now=clock.now())
    except RuleRefused as refusal:
        return page(request, delivery, None, context, refusal.reasons)
    text = _("The request is drafted. Look at it, then submit it.")
    link_notice(request, text, url=draft.get_absolute_url())
    return redirect(draft)


def page(
    request: SignedInRequest,
    delivery: Delivery,
    form: BookingForm | None,
    context: dict[str, Any],
    reasons: Sequence[Reason],
) -> HttpResponse:
    status = status_of(form) if form is not None else 200
    status = REFUSED_BY_RULE if reasons else status
    shown = {**context, "form": form, "reasons": reasons}
    template = "training/dates/booking_form.html"
    return render(request, template, shown, status=status)
