from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagements.execution.forms.kickoff import KickoffCallForm
from engagements.execution.kickoff import standing_call
from engagements.execution.kickoff_page import PLANNED, days_of
from engagements.execution.models import Kickoff
from engagements.execution.services.kickoff_call import (
    call_off_kickoff,
    contacts_to_invite,
    drawn_up,
    schedule_kickoff,
)
from engagements.execution.views.kickoff import get_kickoff
from engagements.services.handoff_call import sequence_of
from psdelivery import clock
from psdelivery.livetext.queries import words_of
from psdelivery.outbox.invitations import attendees_of
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.people.views.answers import (
    REFUSED_BY_RULE,
    REFUSED_FORM,
    posted,
    refused,
    status_of,
)
from psdelivery.registry import Reason, RuleRefused

MOST_WORDS = 2_000
USUAL_MINUTES = 90


def first_values(request: SignedInRequest, kickoff: Kickoff) -> dict[str, Any]:
    call, engagement = standing_call(kickoff), kickoff.engagement
    if call is None:
        return {
            "day": days_of(engagement).get(PLANNED),
            "zone": engagement.customer.zone or request.user.zone,
            "minutes": USUAL_MINUTES,
            "description": words_of(kickoff.sheet).get("agenda", "")[:MOST_WORDS],
            "attendees": drawn_up(engagement),
            "contacts": [engagement.main_contact_id],
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


def form_for(request: SignedInRequest, kickoff: Kickoff) -> KickoffCallForm:
    call = standing_call(kickoff)
    known = [one.person for one in attendees_of(call) if one.person] if call else []
    people = drawn_up(kickoff.engagement) | User.objects.filter(pk__in=known)
    return KickoffCallForm(
        posted(request),
        people=people,
        contacts=contacts_to_invite(kickoff),
        initial=first_values(request, kickoff),
    )


@require_http_methods(["GET", "POST"])
def kickoff_call(request: SignedInRequest, pk: int) -> HttpResponse:
    kickoff = get_kickoff(request, pk)
    form = form_for(request, kickoff)
    if not form.is_valid():
        return call_page(request, kickoff, form, status_of(form))
    try:
        schedule_kickoff(
            kickoff,
            form.meeting_of(kickoff.engagement),
            seen=form.cleaned_data["seen"],
            by=request.user,
            now=clock.now(),
        )
    except RuleRefused as error:
        return call_refused(request, kickoff, form, error.reasons)
    messages.success(request, _("The invitations are on their way."))
    return redirect(kickoff)


def call_page(
    request: SignedInRequest,
    kickoff: Kickoff,
    form: KickoffCallForm,
    status: int,
    **more: Any,
) -> HttpResponse:
    context = {
        "kickoff": kickoff,
        "engagement": kickoff.engagement,
        "form": form,
        "call": standing_call(kickoff),
        **more,
    }
    template = "execution/kickoff/kickoff_call.html"
    return render(request, template, context, status=status)


def call_refused(
    request: SignedInRequest,
    kickoff: Kickoff,
    form: KickoffCallForm,
    reasons: list[Reason],
) -> HttpResponse:
    """Say why, with the way out; where somebody was faster, show what stands now."""
    if not any(reason.code == "changed" for reason in reasons):
        return call_page(request, kickoff, form, REFUSED_FORM, reasons=reasons)
    kickoff.refresh_from_db(fields=["invitation"])
    call = standing_call(kickoff)
    form.show_again(sequence_of(call))
    more = {
        "reasons": reasons,
        "was_changed": True,
        "invited": attendees_of(call) if call else [],
    }
    return call_page(request, kickoff, form, REFUSED_BY_RULE, **more)


@require_POST
def kickoff_call_off(request: SignedInRequest, pk: int) -> HttpResponse:
    kickoff = get_kickoff(request, pk)
    try:
        call_off_kickoff(kickoff, by=request.user, now=clock.now())
    except RuleRefused as error:
        return refused(request, error.reasons, kickoff.get_absolute_url())
    messages.success(request, _("The kickoff is called off; everybody is told."))
    return redirect(kickoff)
