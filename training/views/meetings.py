from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.registry import RuleRefused
from training.access import get_delivery
from training.forms.meetings import MeetingForm
from training.meeting_page import invited_card
from training.meeting_queries import host_rows
from training.models import Delivery
from training.pages import class_tabs
from training.rules.classes import reasons_against_changing
from training.rules.meetings import (
    limit_words,
    missing_for_meeting,
    reasons_against_meeting,
)
from training.services.invitations import invite_contact, uninvite_contacts
from training.services.meetings import sessions_to_come, set_up_meeting
from training.views.answers import posted, refused, status_of, write_form


@require_http_methods(["GET", "POST"])
def delivery_meeting(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery, now = get_delivery(request, pk), clock.now()
    against = [*reasons_against_changing(delivery), *reasons_against_meeting(delivery)]
    if against:
        return refused(request, against, delivery.get_absolute_url())
    sessions = sessions_to_come(delivery)
    hosts = host_rows(delivery, sessions, now=now)
    form = MeetingForm(
        posted(request), delivery=delivery, sessions=sessions, hosts=hosts
    )
    saved = write_form(
        form, lambda: set_up_meeting(delivery, form.setup, by=request.user, now=now)
    )
    if saved is not None:
        return saved_answer(request, saved)
    context: dict[str, Any] = {
        "delivery": delivery,
        "class_tabs": class_tabs(request, delivery),
        "form": form,
        "hosts": hosts,
        "missing": missing_for_meeting(delivery, sessions),
        "limit_words": limit_words(delivery.registrant_limit, delivery.seats),
        "shown": invited_card(request, delivery, now),
    }
    page = "training/meeting/meeting_form.html"
    return render(request, page, context, status=status_of(form, *form.rows))


def saved_answer(request: SignedInRequest, delivery: Delivery) -> HttpResponse:
    """Tell what is set up, and what is still missing; lead back to the page."""
    missing = missing_for_meeting(delivery, sessions_to_come(delivery))
    if missing:
        messages.success(request, _("Saved. Something is still missing."))
    else:
        messages.success(request, _("The meeting is set up, and its steps are ticked."))
    if words := limit_words(delivery.registrant_limit, delivery.seats):
        messages.warning(request, words)
    return redirect("training:delivery-meeting", delivery.pk)


@require_POST
def delivery_invite(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    try:
        invite_contact(delivery, by=request.user, now=clock.now())
    except RuleRefused as refusal:
        return refused(request, refusal.reasons, delivery.get_absolute_url())
    messages.success(request, _("The invitations are on their way."))
    return redirect(invitations_url(delivery))


@require_POST
def delivery_uninvite(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    uninvite_contacts(delivery, by=request.user, now=clock.now())
    messages.success(request, _("The customer is no longer invited, and told so."))
    return redirect(invitations_url(delivery))


def invitations_url(delivery: Delivery) -> str:
    """Return where the invitations stand: a class on site has no page for a meeting."""
    return f"{reverse('training:delivery-detail', args=[delivery.pk])}#invitations"
