"""Load steps for views, with the right checked."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.models import User
from psdelivery.playbooks.models import Checklist, Move, Playbook, PlaybookStep, Step
from psdelivery.playbooks.queries import (
    checklists_within,
    moves_within,
    steps_within,
    visible_steps,
    with_tick_right,
)


def get_step(request: HttpRequest, pk: int) -> Step:
    """Return the step, or answer 404 to who may not see it."""
    user = cast(User, request.user)  # the middleware lets nobody else through
    found = visible_steps(user).filter(pk=pk).with_people().with_blocker_count()
    step = with_tick_right(user, found).first()
    if step is None:
        raise Http404(_("There is no such step."))
    return step


def get_tickable_step(request: HttpRequest, pk: int) -> Step:
    """Return the step; 404 to who may not see it, 403 to who may not tick it."""
    step = get_step(request, pk)
    user = cast(User, request.user)
    if not steps_within(user, Action.STEP_TICK).filter(pk=pk).exists():
        raise PermissionDenied(_("This step is not yours to tick."))
    return step


def get_draft(key: str) -> Playbook:
    """Return the draft of a playbook, or answer 404 where nobody started one."""
    return get_object_or_404(Playbook, key=key, is_draft=True)


def get_draft_step(key: str, pk: int) -> PlaybookStep:
    """Return a step of a draft, or answer 404."""
    steps = PlaybookStep.objects.select_related("playbook")
    return get_object_or_404(steps, pk=pk, playbook__key=key, playbook__is_draft=True)


def may_publish(user: User) -> bool:
    """Tell whether the person's roles make a draft the written process."""
    return scope_for(user.role_set, Action.REGISTER_EDIT) is not Scope.NONE


def get_checklist(request: HttpRequest, pk: int) -> Checklist:
    """Return a checklist; 404 to who may not see it, 403 to who may not change it."""
    user = cast(User, request.user)
    seen = checklists_within(user, Action.ENGAGEMENT_SEE)
    checklist = get_object_or_404(
        seen.select_related("playbook", "engagement__customer"), pk=pk
    )
    if not checklists_within(user, Action.ENGAGEMENT_EDIT).filter(pk=pk).exists():
        raise PermissionDenied(_("Your role does not change this checklist."))
    return checklist


def get_move(request: HttpRequest, pk: int) -> Move:
    """Return a move of dates; 404 to who may not see it, 403 to who may not undo it."""
    user = cast(User, request.user)
    seen = Move.objects.filter(moves_within(user, Action.ENGAGEMENT_SEE))
    near = seen.select_related("by", "undone_by", "checklist", "engagement__customer")
    move = get_object_or_404(near, pk=pk)
    action = getattr(request, "access").action  # noqa: B009  # set by the middleware
    if not Move.objects.filter(moves_within(user, action), pk=pk).exists():
        raise PermissionDenied(_("Your role does not undo this move."))
    return move


def may_undo(request: HttpRequest, move: Move) -> bool:
    """Tell whether the person's roles take this move back."""
    user = cast(User, request.user)
    within = moves_within(user, Action.WORK_EDIT)
    return Move.objects.filter(within, pk=move.pk).exists()
