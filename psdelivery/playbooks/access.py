"""Load steps for views, with the right checked."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from psdelivery.access import Action
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.queries import step_rows, steps_within, visible_steps


def get_step(request: HttpRequest, pk: int) -> Step:
    """Return the step, or answer 404 to who may not see it."""
    user = cast(User, request.user)  # the middleware lets nobody else through
    step = step_rows(user, visible_steps(user)).filter(pk=pk).first()
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
