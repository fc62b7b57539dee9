from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages as notices
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from psdelivery import clock
from psdelivery.access import Action
from psdelivery.outbox import rules, services
from psdelivery.outbox.access import (
    get_message,
    may,
    may_read_text,
    may_send,
    sees_engagement,
    visible_messages,
)
from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.forms.addresses import BounceForm
from psdelivery.outbox.forms.messages import MessageFilterForm
from psdelivery.outbox.letters import letter_now
from psdelivery.outbox.models import Message
from psdelivery.outbox.queries import filtered_messages, open_counts, rows_of_list
from psdelivery.outbox.renderers import kind_title
from psdelivery.outbox.rules.drafts import is_draft, state_of_draft
from psdelivery.outbox.rules.messages import refused_address
from psdelivery.outbox.services.addresses import bad_among
from psdelivery.outbox.services.drafting import is_edited, sight_before_click
from psdelivery.outbox.services.readers import readers_by_hand, usual_readers
from psdelivery.outbox.services.trial import send_test_mail
from psdelivery.outbox.transport import smtp_is_set
from psdelivery.people.context_processors import may_open
from psdelivery.people.listing import page_of
from psdelivery.people.models import User
from psdelivery.registry import Reason, RuleRefused

# Counting the mails of years would take longer than showing the page.
MOST_LISTED = 1000


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)  # the middleware lets nobody else through


def _mail_server() -> dict[str, Any]:
    return {"mail_leaves": smtp_is_set(), "mail_host": settings.EMAIL_HOST}


@require_GET
def message_list(request: HttpRequest) -> HttpResponse:
    visible = visible_messages(_user(request), Action.OUTBOX_READ)
    form = MessageFilterForm(request.GET)
    found = (
        filtered_messages(visible, form.wanted) if form.is_valid() else visible.none()
    )
    page = page_of(rows_of_list(found), request, most=MOST_LISTED)
    rows: Any = page.object_list
    for message in rows:
        message.kind_title = kind_title(message.kind)
    context = {
        "form": form,
        "page": page,
        "counts": open_counts(visible),
        "may_test": may_open(_user(request), "outbox:test-mail"),
        "most_listed": MOST_LISTED,
        **_mail_server(),
    }
    status = 200 if form.is_valid() else 422
    return render(request, "outbox/message_list.html", context, status=status)


@require_GET
def message_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return message_page(request, get_message(request, pk, Action.OUTBOX_READ))


def message_page(
    request: HttpRequest,
    message: Message,
    *,
    reasons: Sequence[Reason] = (),
    bounce_form: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    user = _user(request)
    context = {
        "message": message,
        "reasons": reasons,
        "kind_title": kind_title(message.kind),
        "may_read_text": may_read_text(user, message),
        "text_is_gone": rules.text_is_gone(message.state, message.text),
        "sees_engagement": sees_engagement(user, message),
        **_mail_server(),
    }
    if is_draft(message.state):
        context |= draft_context(user, message)
        return render(request, "outbox/draft_detail.html", context, status=status)
    context |= decisions_about(user, message)
    context |= address_context(message, context["may_decide"], bounce_form)
    return render(request, "outbox/message_detail.html", context, status=status)


def address_context(
    message: Message, may_decide: bool, form: Form | None
) -> dict[str, Any]:
    bad = bad_among(message.recipients)
    for address in message.recipients:
        if found := bad.get(address.lower()):
            found.recipient = address  # type: ignore[attr-defined]  # for the form
    refused = refused_address(message.state, message.last_error, message.recipients)
    told = may_decide and message.audience == Audience.CUSTOMER
    return {
        "bad_addresses": list(bad.values()),
        "refused_address": refused if refused.lower() not in bad else "",
        "refused_reason": message.last_error[:300],
        "bounce_form": form
        or (BounceForm(message.recipients) if told and message.sent_at else None),
    }


def decisions_about(user: User, message: Message) -> dict[str, bool]:
    decides = may(user, Action.MAIL_DECIDE, message)
    return {
        "may_decide": decides,
        "may_retry": decides and rules.may_retry(message.state),
        "may_cancel": decides and rules.may_cancel(message.state),
        "may_confirm": decides and rules.may_confirm(message.state),
    }


def draft_context(user: User, message: Message) -> dict[str, Any]:
    letter = letter_now(message)
    fingerprint = letter.fingerprint if letter else None
    now_is = state_of_draft(message.fingerprint, fingerprint)
    is_stale = State.STALE in {now_is, message.state}
    marks = message.source.get("marks", {})
    body = message.source.get("body", "")
    missing = letter.missing_in(message.subject, body) if letter else []
    return {
        "letter": letter,
        "is_stale": is_stale,
        "changed": letter.changed_since(marks) if letter and is_stale else [],
        "missing": [] if is_stale else missing,
        "is_edited": is_edited(message),
        "html": SafeString(message.html),
        "usual": usual_readers(letter) if letter and readers_by_hand(message) else None,
        "seen": sight_before_click(message),
        "may_send": may_send(user, message),
        "may_cancel": may(user, Action.MAIL_DECIDE, message),
    }


def _decide(
    request: HttpRequest, pk: UUID, service: services.Decision, done: str
) -> HttpResponse:
    message = get_message(request, pk, Action.MAIL_DECIDE)
    try:
        service(message, by=_user(request), now=clock.now())
    except RuleRefused as refused:
        message.refresh_from_db()
        return message_page(request, message, reasons=refused.reasons, status=409)
    notices.success(request, done)
    return redirect(message)


@require_POST
def message_retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    done = _("The mail leaves with the next look of the worker.")
    return _decide(request, pk, services.retry_message, done)


@require_POST
def message_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _decide(request, pk, services.cancel_message, _("The mail is cancelled."))


@require_POST
def message_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    done = _("The mail counts as sent.")
    return _decide(request, pk, services.confirm_message, done)


@require_POST
def test_mail(request: HttpRequest) -> HttpResponse:
    message = send_test_mail(by=_user(request), now=clock.now())
    notices.success(
        request,
        _("On its way. Load this page again in a moment to see what became of it."),
    )
    return redirect(message)
