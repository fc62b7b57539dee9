from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.access import get_engagement
from engagements.dates import movable_anchors, notes_about, step_dating
from engagements.forms.dates import DateForm
from engagements.models import Engagement
from engagements.rules.dates import PLANNED, date_words, reasons_against_moving
from engagements.services.dates import (
    DateMove,
    changes_to,
    move_date,
    reasons_against_date,
    today_of,
)
from engagements.views.answers import posted, status_of, written
from psdelivery import clock
from psdelivery.people.http import SignedInRequest, page_before
from psdelivery.playbooks.models import Anchor
from psdelivery.playbooks.queries import undoable_move
from psdelivery.playbooks.services.anchors import day_of
from psdelivery.playbooks.services.moves import preview_moves
from psdelivery.playbooks.views.moves import moved_notice
from psdelivery.playbooks.views.previewing import Look, look_at


@require_http_methods(["GET", "POST"])
def date_move(request: SignedInRequest, pk: int, anchor: int) -> HttpResponse:
    """A date that the tick of a step gave."""
    engagement = get_engagement(request, pk)
    dates = movable_anchors(engagement.pk).exclude(key__in=PLANNED)
    found = get_object_or_404(dates.select_related("checklist"), pk=anchor)
    return move_page(request, engagement, found)


@require_http_methods(["GET", "POST"])
def planned_move(request: SignedInRequest, pk: int, anchor: int) -> HttpResponse:
    """A planned day, which the intake has too."""
    engagement = get_engagement(request, pk)
    dates = movable_anchors(engagement.pk).filter(key__in=PLANNED)
    found = get_object_or_404(dates.select_related("checklist"), pk=anchor)
    return move_page(request, engagement, found)


def move_page(
    request: SignedInRequest, engagement: Engagement, anchor: Anchor
) -> HttpResponse:
    day = day_of(anchor)
    against = reasons_against_moving(engagement, anchor.key, day, step_dating(anchor))
    if against or day is None:
        context = {"reasons": against, "back_url": engagement.get_absolute_url()}
        return render(request, "409.html", context, status=409)
    now = clock.now()
    today = today_of(engagement, request.user, now)
    form = DateForm(
        posted(request),
        present=day,
        against=lambda to: reasons_against_date(engagement, anchor, to, today=today),
        initial={"day": request.GET.get("day", "")},
    )
    look = None
    if form.is_valid():
        changes = changes_to(engagement, anchor, form.cleaned_data["day"])
        look = look_at(
            request, lambda exempt: preview_moves(changes, exempt=exempt, now=now)
        )
        moving = DateMove(
            by=request.user,
            now=now,
            reason=form.cleaned_data["reason"],
            cause=form.cleaned_data["cause"],
            exempt=look.exempt,
        )
        if look.is_confirmed and write(engagement, anchor, form, moving):
            return moved_answer(request, engagement, anchor)
    return form_page(request, engagement, anchor, form, look)


def write(
    engagement: Engagement, anchor: Anchor, form: DateForm, moving: DateMove
) -> bool:
    """Move the date; False, with the reasons in the form, where a rule refuses."""

    def move() -> bool:
        move_date(engagement, anchor, form.cleaned_data["day"], moving=moving)
        return True

    return bool(written(form, move))


def moved_answer(
    request: SignedInRequest, engagement: Engagement, anchor: Anchor
) -> HttpResponse:
    """Tell what moved, with its undo, and lead back where the reader came from."""
    move = undoable_move([anchor.checklist_id], clock.now())
    if move is None:
        messages.success(request, _("The date is moved."))
    else:
        moved_notice(request, move)
    return redirect(page_before(request, otherwise=engagement.get_absolute_url()))


def form_page(
    request: SignedInRequest,
    engagement: Engagement,
    anchor: Anchor,
    form: DateForm,
    look: Look | None,
) -> HttpResponse:
    context = {
        "engagement": engagement,
        "anchor": anchor,
        "words": date_words(engagement.kind, anchor.key),
        "notes": notes_about(engagement, anchor, clock.now()),
        "form": form,
        "look": look,
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    status = 409 if form.is_stale else status_of(form)
    return render(request, "engagements/date_move.html", context, status=status)
