"""Addresses that mail does not reach: marked and cleared, from a mail or a contact."""

from uuid import UUID

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from psdelivery import clock
from psdelivery.access import Action
from psdelivery.outbox.access import get_message
from psdelivery.outbox.forms.addresses import BounceForm, ClearForm, ReasonForm
from psdelivery.outbox.services.addresses import (
    bad_among,
    bounced_mails,
    clear_address,
    mark_address_bad,
)
from psdelivery.outbox.views.messages import message_page
from psdelivery.people.access import get_contact
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import posted, status_of
from psdelivery.registry import RuleRefused


def tell_marked(request: SignedInRequest, count: int) -> None:
    done = ngettext(
        "Marked. %(n)d mail came back: what it did is open again.",
        "Marked. %(n)d mails came back: what they did is open again.",
        count,
    )
    notices.success(request, done % {"n": count})


@require_POST
def message_bounce(request: SignedInRequest, pk: UUID) -> HttpResponse:
    message = get_message(request, pk, Action.MAIL_DECIDE)
    form = BounceForm(message.recipients, request.POST)
    if not form.is_valid():
        return message_page(request, message, bounce_form=form, status=422)
    typed = form.cleaned_data
    found = mark_address_bad(
        typed["address"],
        by=request.user,
        reason=typed["reason"],
        now=clock.now(),
        # A copy that does not arrive changes nothing for the reader of the mail.
        message=message if typed["address"] in message.to else None,
    )
    tell_marked(request, len(found))
    return redirect(message)


@require_POST
def message_clear(request: SignedInRequest, pk: UUID) -> HttpResponse:
    message = get_message(request, pk, Action.MAIL_DECIDE)
    form = ClearForm(message.recipients, request.POST)
    if not form.is_valid():
        return message_page(request, message, bounce_form=form, status=422)
    try:
        address = form.cleaned_data["address"]
        clear_address(address, by=request.user, now=clock.now())
    except RuleRefused as refused:
        return message_page(request, message, reasons=refused.reasons, status=409)
    notices.success(request, _("Mail goes to this address again."))
    return redirect(message)


@require_http_methods(["GET", "POST"])
def contact_address(request: SignedInRequest, pk: int) -> HttpResponse:
    contact = get_contact(request, pk)
    now = clock.now()
    bad = bad_among([contact.email]).get(contact.email.lower())
    form = ReasonForm(None if bad else posted(request))
    if request.method == "POST" and bad is not None:
        clear_address(contact.email, by=request.user, now=now)
        notices.success(request, _("Mail goes to this address again."))
        return redirect("outbox:contact-address", pk)
    if contact.email and form.is_bound and form.is_valid():
        found = mark_address_bad(
            contact.email, by=request.user, reason=form.cleaned_data["reason"], now=now
        )
        tell_marked(request, len(found))
        return redirect("outbox:contact-address", pk)
    context = {
        "contact": contact,
        "bad": bad,
        "form": form,
        "mails": bounced_mails(contact.email, now) if contact.email else [],
    }
    status = status_of(form)
    return render(request, "outbox/contact_address.html", context, status=status)
