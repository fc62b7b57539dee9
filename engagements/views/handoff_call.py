from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagements.forms.handoff_call import CallForm
from engagements.models import Handoff
from engagements.services.handoff_call import (
    call_off,
    contacts_to_invite,
    drawn_up,
    schedule_call,
    sequence_of,
    standing_call,
)
from engagements.views.answers import posted, status_of
from engagements.views.handoff import get_handoff, refused
from psdelivery import clock
from psdelivery.outbox.invitations import attendees_of
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.registry import RuleRefused

USUAL_MINUTES = 60


def first_values(request: SignedInRequest, handoff: Handoff) -> dict[str, Any]:
    call = standing_call(handoff)
    if call is None:
        return {
            "zone": request.user.zone,
            "minutes": USUAL_MINUTES,
            "attendees": drawn_up(handoff),
            "seen": sequence_of(None),
        }
    there = call.starts_at.astimezone(ZoneInfo(call.zone))
    invited = attendees_of(call)
    return {
        "day": there.date(),
        "clock": there.time(),
        "zone": call.zone,
        "minutes": int((call.ends_at - call.starts_at).total_seconds() // 60),
        "location": call.location,
        "description": call.description,
        "attendees": [one.person for one in invited if one.person],
        "contacts": [one.contact for one in invited if one.contact],
        "seen": sequence_of(call),
    }


def form_for(request: SignedInRequest, handoff: Handoff) -> CallForm:
    call = standing_call(handoff)
    known = [one.person for one in attendees_of(call)] if call else []
    people = drawn_up(handoff) | User.objects.filter(pk__in=[p for p in known if p])
    initial = first_values(request, handoff)
    return CallForm(
        posted(request),
        people=people,
        contacts=contacts_to_invite(handoff),
        initial=initial,
    )


@require_http_methods(["GET", "POST"])
def handoff_call(request: SignedInRequest, pk: int) -> HttpResponse:
    handoff = get_handoff(request, pk)
    form = form_for(request, handoff)
    if not form.is_bound or not form.is_valid():
        return call_page(request, handoff, form)
    try:
        schedule_call(
            handoff,
            form.meeting(handoff),
            seen=form.cleaned_data["seen"],
            by=request.user,
            now=clock.now(),
        )
    except RuleRefused as error:
        return call_refused(request, handoff, form, error)
    messages.success(request, _("The invitations are on their way."))
    return redirect(handoff)


def call_page(
    request: SignedInRequest, handoff: Handoff, form: CallForm, **more: Any
) -> HttpResponse:
    call = standing_call(handoff)
    context = {"engagement": handoff.engagement, "form": form, "call": call, **more}
    status = 409 if more.get("was_changed") else status_of(form)
    template = "engagements/handoff/handoff_call.html"
    return render(request, template, context, status=status)


def call_refused(
    request: SignedInRequest, handoff: Handoff, form: CallForm, error: RuleRefused
) -> HttpResponse:
    for reason in error.reasons:
        form.add_error(None, reason.sentence)
    if not any(reason.code == "changed" for reason in error.reasons):
        return call_page(request, handoff, form)
    handoff.refresh_from_db(fields=["invitation"])
    call = standing_call(handoff)
    form.show_again(sequence_of(call))
    invited = attendees_of(call) if call else []
    return call_page(request, handoff, form, was_changed=True, invited=invited)


@require_POST
def handoff_call_off(request: SignedInRequest, pk: int) -> HttpResponse:
    handoff = get_handoff(request, pk)
    try:
        call_off(handoff, by=request.user, now=clock.now())
    except RuleRefused as error:
        return refused(request, handoff, error)
    messages.success(request, _("The call is off; everybody is told."))
    return redirect(handoff)
