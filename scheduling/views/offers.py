from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import posted, status_of, write_form
from psdelivery.registry import RuleRefused
from scheduling.access import get_request
from scheduling.choices import OfferState
from scheduling.forms.matching import ReasonForm
from scheduling.models import Offer, ResourceRequest
from scheduling.offer_access import (
    get_choice,
    get_offer,
    get_question,
    may_give_way,
)
from scheduling.request_rights import rights_on
from scheduling.services.offers import (
    accept_offer,
    agree_to_give_way,
    decline_all,
    decline_offer,
    keep_hold,
    take_offers_back,
)
from scheduling.words import headline


@require_GET
def offer_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return offer_page(request, get_offer(request, pk))


def offer_page(
    request: SignedInRequest, offer: Offer, *, status: int = 200, **options: Any
) -> HttpResponse:
    asked = offer.request
    rights = rights_on(request.user, asked)
    is_asking = offer.state == OfferState.ASKING
    context = {
        "offer": offer,
        "asked": asked,
        "headline": headline(asked),
        "parts": offer.allocations.select_related("person").order_by("pk"),
        "may_choose": rights.may_choose and offer.state == OfferState.OPEN,
        "may_answer": is_asking and may_give_way(request.user, offer),
        "decline_form": ReasonForm(prefix="decline"),
        "keep_form": ReasonForm(prefix="keep"),
        **options,
    }
    return render(request, "scheduling/offer_detail.html", context, status=status)


def carried_out(
    request: SignedInRequest,
    offer: Offer,
    write: Callable[[], object],
    said: str,
) -> HttpResponse:
    try:
        write()
    except RuleRefused as refused:
        fresh = get_offer(request, offer.pk)
        return offer_page(request, fresh, status=409, reasons=refused.reasons)
    messages.success(request, said)
    return redirect(back_to(request, offer))


def back_to(request: SignedInRequest, offer: Offer) -> ResourceRequest | Offer:
    """Whoever was only asked about a soft hold stays on the page of the question."""
    rights = rights_on(request.user, offer.request)
    return offer.request if rights.asks or rights.books else offer


@require_POST
def offer_accept(request: SignedInRequest, pk: int) -> HttpResponse:
    offer = get_choice(request, pk)
    try:
        taken = accept_offer(offer, by=request.user, now=clock.now())
    except RuleRefused as refused:
        fresh = get_offer(request, pk)
        return offer_page(request, fresh, status=409, reasons=refused.reasons)
    if not taken.is_booked:
        said = _("Nothing is booked. Coordination has the request again.")
        fresh = get_offer(request, pk)
        return offer_page(request, fresh, status=409, reasons=taken.reasons, said=said)
    messages.success(request, _("Booked: %(title)s") % {"title": offer.title})
    return redirect(offer.request)


@require_POST
def offer_decline(request: SignedInRequest, pk: int) -> HttpResponse:
    offer = get_choice(request, pk)
    form = ReasonForm(request.POST, prefix="decline")
    if not form.is_valid():
        return offer_page(request, offer, status=422, decline_form=form)
    reason, by = form.cleaned_data["reason"], request.user
    return carried_out(
        request,
        offer,
        lambda: decline_offer(offer, reason, by=by, now=clock.now()),
        _("The offer is declined."),
    )


@require_POST
def offer_displace_agree(request: SignedInRequest, pk: int) -> HttpResponse:
    offer = get_question(request, pk)
    return carried_out(
        request,
        offer,
        lambda: agree_to_give_way(offer, by=request.user, now=clock.now()),
        _("The soft hold may give way; it goes when the offer is taken."),
    )


@require_POST
def offer_displace_refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    offer = get_question(request, pk)
    form = ReasonForm(request.POST, prefix="keep")
    if not form.is_valid():
        return offer_page(request, offer, status=422, keep_form=form)
    reason, by = form.cleaned_data["reason"], request.user
    return carried_out(
        request,
        offer,
        lambda: keep_hold(offer, reason, by=by, now=clock.now()),
        _("The soft hold stays."),
    )


def with_reason(
    request: SignedInRequest,
    asked: ResourceRequest,
    write: Callable[..., object],
    words: dict[str, str],
) -> HttpResponse:
    """A page that asks why before something happens to all offers of a request."""
    form, by = ReasonForm(posted(request)), request.user
    done = None
    if form.is_bound:
        done = write_form(
            form,
            lambda: write(asked, form.cleaned_data["reason"], by=by, now=clock.now()),
        )
    if done is not None:
        messages.success(request, words["said"])
        return redirect(asked)
    offers = Offer.objects.waiting().filter(request=asked).order_by("rank", "pk")
    context = {
        "asked": asked,
        "headline": headline(asked),
        "offers": offers,
        "form": form,
        "words": words,
    }
    status = status_of(form)
    return render(request, "scheduling/offers_reason.html", context, status=status)


@require_http_methods(["GET", "POST"])
def request_decline(request: SignedInRequest, pk: int) -> HttpResponse:
    words = {
        "title": _("Decline everything"),
        "button": _("Decline all of it"),
        "said": _("All offers are declined. Coordination has the request again."),
    }
    return with_reason(request, get_request(request, pk), decline_all, words)


@require_http_methods(["GET", "POST"])
def request_take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    words = {
        "title": _("Take the offers back"),
        "button": _("Take them back"),
        "said": _("Nothing is offered any more; the days are free."),
    }
    return with_reason(request, get_request(request, pk), take_offers_back, words)
