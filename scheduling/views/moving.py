"""Move a booking: looked at first, then done; for the drag and without one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.people.notices import link_notice
from psdelivery.registry import Reason, RuleRefused
from scheduling.board_words import refusal_title
from scheduling.first_day import off_plan_of
from scheduling.forms.moving import DropForm, MoveForm
from scheduling.models import Allocation
from scheduling.rules.booking import STALE
from scheduling.services.bookings import Change
from scheduling.services.moving import move_booking, preview_move

# Tells the page that bookings changed, or are others than it shows.
CHANGED = "board-changed"
# Tells it that the dialog has done its work.
MOVED = "board-moved"
# A long booking would be refused for each of its days.
MOST_REASONS = 5


@require_http_methods(["GET", "POST"])
def board_move(request: SignedInRequest) -> HttpResponse:
    is_decided = request.method == "POST"
    typed = request.POST if is_decided else request.GET
    dropped = DropForm(typed)
    if not dropped.is_valid():
        return answer(request, {"dropped": dropped}, status=422)
    if not is_decided:
        return looked_at(request, dropped, MoveForm(initial=starting(dropped, typed)))
    form = MoveForm(request.POST)
    if not form.is_valid():
        return looked_at(request, dropped, form)
    try:
        moved = move(request, form)
    except RuleRefused as refused:
        return looked_at(request, dropped, form, refused.reasons)
    return done(request, moved)


def starting(dropped: DropForm, typed: QueryDict) -> dict[str, Any]:
    kept = {name: typed.get(name, "") for name in dropped.fields}
    return kept | {"hold": dropped.cleaned_data["booking"].hold}


def looked_at(
    request: SignedInRequest,
    dropped: DropForm,
    form: MoveForm,
    reasons: list[Reason] | None = None,
) -> HttpResponse:
    known = dropped.cleaned_data
    hold = form.cleaned_data.get("hold", "") if form.is_bound else ""
    drop = dropped.drop(hold or known["booking"].hold)
    try:
        seen = preview_move(known["booking"], drop, known["version"], now=clock.now())
    except RuleRefused as refused:
        return answer(request, {"reasons": refused.reasons}, status=409)
    found = reasons or seen.reasons
    context = {
        "form": form,
        "seen": seen,
        "title": refusal_title(found, seen.wanted.person),
        "reasons": found[:MOST_REASONS],
        "more": max(len(found) - MOST_REASONS, 0),
        "is_stale": any(reason.code == STALE for reason in found),
    }
    if form.errors:
        return answer(request, context, status=422)
    return answer(request, context, status=409 if found else 200)


def move(request: SignedInRequest, form: MoveForm) -> Allocation:
    known = form.cleaned_data
    why = Change(
        reason=form.reason_told, cause=known["cause"], version=known["version"]
    )
    drop = form.drop(known["hold"])
    return move_booking(known["booking"], drop, why, by=request.user, now=clock.now())


def answer(
    request: SignedInRequest, context: dict[str, Any], *, status: int
) -> HttpResponse:
    page = "partials/_board_move.html" if request.htmx else "board_move.html"
    response = render(request, f"scheduling/{page}", context, status=status)
    # It may be refused for what the board that it was dragged on does not show.
    return trigger_client_event(response, CHANGED) if status == 409 else response


def done(request: SignedInRequest, moved: Allocation) -> HttpResponse:
    messages.success(request, _("The booking is moved."))
    offer_dates(request, moved)
    if not request.htmx:
        return redirect("scheduling:board")
    response = render(request, "scheduling/partials/_board_moved.html")
    return trigger_client_event(trigger_client_event(response, MOVED), CHANGED)


def offer_dates(request: SignedInRequest, moved: Allocation) -> None:
    """Offer to move the planned start along where the first booked day is another."""
    off = off_plan_of(request.user, moved, back=reverse("scheduling:board"))
    if off is not None and off.url:
        words = _("%(sentence)s Move the dates with it.") % {"sentence": off.sentence}
        link_notice(request, words, url=off.url)
