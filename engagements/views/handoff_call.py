from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagements.forms.handoff_call import CallForm
from engagements.models import Handoff
from engagements.services.handoff_call import (
    call_off,
    drawn_up,
    schedule_call,
    standing_call,
)
from engagements.views.answers import posted, written
from engagements.views.handoff import form_page, get_handoff, refused
from psdelivery import clock
from psdelivery.outbox.invitations import attendees_of
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.registry import RuleRefused


def first_values(request: SignedInRequest, handoff: Handoff) -> dict[str, Any]:
    call = standing_call(handoff)
    if call is None:
        return {"zone": request.user.zone, "attendees": drawn_up(handoff)}
    there = call.starts_at.astimezone(ZoneInfo(call.zone))
    return {
        "day": there.date(),
        "clock": there.time(),
        "zone": call.zone,
        "minutes": int((call.ends_at - call.starts_at).total_seconds() // 60),
        "location": call.location,
        "description": call.description,
        "attendees": [one.person for one in attendees_of(call)],
    }


@require_http_methods(["GET", "POST"])
def handoff_call(request: SignedInRequest, pk: int) -> HttpResponse:
    handoff = get_handoff(request, pk)
    call = standing_call(handoff)
    known = [one.person for one in attendees_of(call)] if call else []
    people = drawn_up(handoff) | User.objects.filter(pk__in=[p for p in known if p])
    form = CallForm(people, posted(request), initial=first_values(request, handoff))
    saved = None
    if form.is_bound and form.is_valid():
        saved = written(
            form,
            lambda: schedule_call(
                handoff, form.meeting(handoff), by=request.user, now=clock.now()
            ),
        )
    if saved is None:
        return form_page(request, handoff.engagement, form, "handoff_call", call=call)
    messages.success(request, _("The invitations are on their way."))
    return redirect(handoff)


@require_POST
def handoff_call_off(request: SignedInRequest, pk: int) -> HttpResponse:
    handoff = get_handoff(request, pk)
    try:
        call_off(handoff, by=request.user, now=clock.now())
    except RuleRefused as error:
        return refused(request, handoff, error)
    messages.success(request, _("The call is off; everybody is told."))
    return redirect(handoff)
