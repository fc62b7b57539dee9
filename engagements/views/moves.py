from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from engagements.access import get_engagement, rights_of
from engagements.choices import Status
from engagements.forms.moves import BallForm, MoveForm
from engagements.models import Engagement
from engagements.moves import touched_by, why_not_mine, within_reach
from engagements.rules.status import find_move
from engagements.services.ball import pass_ball
from engagements.services.holds import RESUME, shifts_of
from engagements.services.status import move_status, reasons_against_move
from engagements.views.answers import posted, status_of
from engagements.words import move_words
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people.http import SignedInRequest
from psdelivery.playbooks.models import Move
from psdelivery.playbooks.services.moves import preview_moves
from psdelivery.playbooks.views.moves import moved_notice
from psdelivery.playbooks.views.previewing import Look, look_at
from psdelivery.registry import RuleRefused


def move_page(
    request: SignedInRequest,
    engagement: Engagement,
    form: MoveForm,
    **options: Any,
) -> HttpResponse:
    target = str(form["target"].value() or "")
    row = find_move(
        engagement.kind, engagement.status, target, engagement.status_before
    )
    rights = rights_of(request.user, engagement)
    context = {
        "engagement": engagement,
        "form": form,
        "target": Status(target) if target in Status.values else None,
        "label": move_words(row) if row else "",
        "touched": touched_by(engagement, target) if row else None,
        "look": options.get("look"),
        "reasons": within_reach(options.get("reasons", []), rights),
        "may_edit": rights.may(Action.ENGAGEMENT_EDIT),
    }
    status = options.get("status", status_of(form))
    return render(request, "engagements/engagement_move.html", context, status=status)


def refuse_stranger_to(
    request: SignedInRequest, engagement: Engagement, target: str
) -> None:
    """R-1: 403 for who does not stand in the row of a move that the table knows."""
    row = find_move(
        engagement.kind, engagement.status, target, engagement.status_before
    )
    rights = rights_of(request.user, engagement)
    if row is not None and not rights.may_make(row):
        raise PermissionDenied(why_not_mine(rights, row))


@require_http_methods(["GET", "POST"])
def engagement_move(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    now = clock.now()
    form = MoveForm(engagement, posted(request), initial=request.GET.dict(), now=now)
    target = str(form["target"].value() or "")
    refuse_stranger_to(request, engagement, target)
    if posted(request) is None:
        known = target in Status.values
        reasons = reasons_against_move(engagement, target, now=now) if known else []
        return move_page(request, engagement, form, reasons=reasons)
    if not form.is_valid():
        return move_page(request, engagement, form)
    look = look_of(request, engagement, form)
    if look is not None and not look.is_confirmed:
        return move_page(request, engagement, form, look=look)
    return make_move(request, engagement, form, look)


def look_of(
    request: SignedInRequest, engagement: Engagement, form: MoveForm
) -> Look | None:
    """R-20: what moves when work is taken up again; None where no date does."""
    if not form.days_to_shift:
        return None
    changes = shifts_of(engagement, form.days_to_shift)
    return look_at(
        request,
        lambda exempt: preview_moves(changes, exempt=exempt, now=form.now),
    )


def make_move(
    request: SignedInRequest, engagement: Engagement, form: MoveForm, look: Look | None
) -> HttpResponse:
    target = form.cleaned_data["target"]
    exempt = look.exempt if look else frozenset()
    try:
        moved = move_status(
            engagement,
            target,
            by=request.user,
            reason=form.cleaned_data["reason"],
            options=replace(form.options, exempt=exempt),
            now=form.now,
        )
    except RuleRefused as refused:
        if request.htmx:
            rights = rights_of(request.user, engagement)
            context = {"reasons": within_reach(refused.reasons, rights)}
            return render(request, "components/refused.html", context, status=409)
        return move_page(request, engagement, form, reasons=refused.reasons, status=409)
    words = _("The engagement is now: %(status)s.")
    messages.success(request, words % {"status": moved.get_status_display()})
    shifted = Move.objects.filter(engagement=moved, kind=RESUME, at=form.now).first()
    if shifted is not None:
        moved_notice(request, shifted)
    if request.htmx:
        return HttpResponseClientRedirect(engagement.get_absolute_url())
    return redirect(engagement)


@require_POST
def engagement_ball(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    form = BallForm(request.POST)
    if not form.is_valid():
        context = {"engagement": engagement, "form": form}
        return render(request, "engagements/engagement_ball.html", context, status=422)
    engagement = pass_ball(
        engagement,
        form.party,
        by=request.user,
        reason=form.cleaned_data["reason"],
        now=clock.now(),
    )
    words = _("The ball is with: %(whom)s.")
    messages.success(request, words % {"whom": engagement.get_ball_with_display()})
    return redirect(engagement)
