"""Soft holds: the list of those that end, extending one, making one hard (R-8)."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from psdelivery import clock
from psdelivery.people.context_processors import may_open
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of
from psdelivery.people.moments import moment_text
from psdelivery.people.register import portal_settings
from psdelivery.people.views.answers import posted
from psdelivery.registry import Reason, RuleRefused
from scheduling.forms.holds import HoldFilterForm, HoldForm
from scheduling.hold_access import get_hold, soft_holds_of
from scheduling.models import Allocation
from scheduling.queries.holds import HoldFilter, holds_matching
from scheduling.rules.booking import reasons_against_hardening, soft_hold_extended
from scheduling.services.soft_holds import extend_hold, make_hard
from scheduling.settings import SOFT_DAYS

# Somebody was faster: the page is shown anew instead of the form.
GONE = frozenset({"stale", "ended", "not-soft"})


def chosen_filter(form: HoldFilterForm) -> HoldFilter:
    """Return what the address narrows to; a word that nobody knows narrows nothing."""
    if not form.is_valid():
        return HoldFilter()
    given = form.cleaned_data
    return HoldFilter(
        days=int(given["within"]) if given["within"] else None,
        region_id=given["region"].pk if given["region"] else None,
        mine=given["mine"],
    )


@require_GET
def soft_hold_list(request: SignedInRequest) -> HttpResponse:
    form = HoldFilterForm(request.GET)
    rows = holds_matching(
        soft_holds_of(request.user), chosen_filter(form), request.user, clock.now()
    )
    context = {
        "form": form,
        "page": page_of(rows, request),
        "may_book": may_open(request.user, "scheduling:allocation-convert"),
    }
    return render(request, "scheduling/soft_hold_list.html", context)


@require_http_methods(["GET", "POST"])
def allocation_extend(request: SignedInRequest, pk: int) -> HttpResponse:
    hold = get_hold(request, pk)

    def extend(reason: str, version: int | None, now: datetime) -> Allocation:
        return extend_hold(hold, reason, version=version, by=request.user, now=now)

    return treat(request, hold, "scheduling/allocation_extend.html", extend)


@require_http_methods(["GET", "POST"])
def allocation_convert(request: SignedInRequest, pk: int) -> HttpResponse:
    hold = get_hold(request, pk)

    def harden(reason: str, version: int | None, now: datetime) -> Allocation:
        return make_hard(hold, reason, version=version, by=request.user, now=now)

    return treat(request, hold, "scheduling/allocation_convert.html", harden)


def treat(
    request: SignedInRequest,
    hold: Allocation,
    template: str,
    write: Callable[[str, int | None, datetime], Allocation],
) -> HttpResponse:
    """Show the form of a hold, or do what it asks for; 409 where others were faster."""
    form = HoldForm(posted(request), initial={"version": hold.version})
    reasons: list[Reason] = []
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            done = write(given["reason"], given["version"], clock.now())
        except RuleRefused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, words_of(done, request.user.zone))
            return redirect("scheduling:soft-hold-list")
    return hold_page(request, hold, form, template, reasons)


def hold_page(
    request: SignedInRequest,
    hold: Allocation,
    form: HoldForm,
    template: str,
    reasons: list[Reason],
) -> HttpResponse:
    """Show a hold with its form, and what stands against what was asked."""
    hold.refresh_from_db()
    days = portal_settings()[SOFT_DAYS]
    context = {
        "hold": hold,
        "form": form,
        "reasons": reasons,
        "days": days,
        "until": hold.expires_at and soft_hold_extended(hold.expires_at, days),
        "is_over": not hold.is_active or bool(reasons_against_hardening(hold)),
        "may_book": may_open(request.user, "scheduling:allocation-convert"),
    }
    return render(request, template, context, status=status_of(form, reasons))


def status_of(form: HoldForm, reasons: list[Reason]) -> int:
    """Return 409 where somebody was faster, 422 for what was refused otherwise."""
    if any(reason.code in GONE for reason in reasons):
        return 409
    return 422 if reasons or (form.is_bound and form.errors) else 200


def words_of(done: Allocation, zone: str) -> str:
    """Say what became of the hold."""
    if done.expires_at is None:
        return _("Booked hard: %(who)s, %(booking)s.") % {
            "who": done.who,
            "booking": done,
        }
    until = moment_text(done.expires_at, zone, zone)
    words = {"who": done.who, "until": until}
    return _("The soft hold of %(who)s stands until %(until)s.") % words
