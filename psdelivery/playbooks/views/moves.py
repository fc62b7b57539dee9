from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from psdelivery import clock
from psdelivery.people.http import SignedInRequest, page_before
from psdelivery.people.notices import undo_notice
from psdelivery.playbooks.access import get_move, may_undo
from psdelivery.playbooks.models import Move
from psdelivery.playbooks.services.moves import (
    moved_lines,
    reasons_against_undo,
    undo_move,
)
from psdelivery.playbooks.words import move_words, until_words
from psdelivery.registry import Reason, RuleRefused


def move_page(
    request: SignedInRequest, move: Move, reasons: list[Reason], *, status: int = 200
) -> HttpResponse:
    context = {
        "move": move,
        "lines": moved_lines(move),
        "reasons": reasons,
        "may_undo": may_undo(request, move) and not reasons,
    }
    return render(request, "playbooks/move_detail.html", context, status=status)


@require_GET
def move_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    move = get_move(request, pk)
    return move_page(request, move, reasons_against_undo(move, now=clock.now()))


@require_POST
def move_undo(request: SignedInRequest, pk: int) -> HttpResponse:
    move = get_move(request, pk)
    try:
        undo_move(move, by=request.user, now=clock.now())
    except RuleRefused as refusal:
        return move_page(request, move, refusal.reasons, status=409)
    messages.success(request, _("The move is undone: everything is as it was before."))
    otherwise = move.checklist.subject_url or move.get_absolute_url()
    return redirect(page_before(request, otherwise=otherwise))


def moved_notice(request: SignedInRequest, move: Move) -> None:
    """Tell what was moved, with the button that takes it back."""
    words = f"{move_words(move)} {until_words(move, request.user.zone)}"
    undo_notice(request, words, undo_url=reverse("playbooks:move-undo", args=[move.pk]))
