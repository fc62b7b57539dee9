"""Drafts to customers: looked at, changed, made again, and sent by a click."""

from typing import Any
from uuid import UUID

from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from psdelivery import clock
from psdelivery.outbox.access import get_draft, get_record
from psdelivery.outbox.forms.drafts import DraftForm
from psdelivery.outbox.letters import letter_now
from psdelivery.outbox.models import Message
from psdelivery.outbox.rules.drafts import reasons_against_editing
from psdelivery.outbox.services.drafting import (
    edit_draft,
    prepare_draft,
    remake_draft,
    send_draft,
)
from psdelivery.outbox.services.readers import usual_readers
from psdelivery.outbox.templates import mail_kind
from psdelivery.outbox.views.messages import message_page
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import posted, status_of
from psdelivery.registry import RuleRefused


@require_POST
def draft_add(request: SignedInRequest, kind: str, record: int) -> HttpResponse:
    known = mail_kind(kind)
    if known is None:
        raise Http404(_("There is no such mail."))
    about = get_record(request, known, record)
    try:
        draft = prepare_draft(kind, about, by=request.user, now=clock.now())
    except RuleRefused as refused:
        context = {"reasons": refused.reasons, "back_url": about.get_absolute_url()}
        return render(request, "409.html", context, status=409)
    return redirect(draft)


@require_http_methods(["GET", "POST"])
def draft_edit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    draft = get_draft(request, pk)
    reasons = reasons_against_editing(draft.state)
    form = form_of(draft, request)
    if not reasons and form.is_bound and form.is_valid():
        try:
            write_draft(draft, form, request)
        except RuleRefused as refused:
            reasons = refused.reasons
            draft.refresh_from_db()
            form.show_again()
        else:
            notices.success(request, _("The draft is saved. It has not left yet."))
            return redirect(draft)
    codes = {reason.code for reason in reasons}
    context = {
        "message": draft,
        "form": form,
        "reasons": reasons,
        "was_changed": "changed" in codes,
        "body": draft.source.get("body", ""),
    }
    status = 409 if reasons else status_of(form)
    return render(request, "outbox/draft_form.html", context, status=status)


def form_of(draft: Message, request: SignedInRequest) -> DraftForm:
    kind, letter = mail_kind(draft.kind), letter_now(draft)
    usual = usual_readers(letter) if letter else None
    are_fixed = kind is not None and kind.has_fixed_readers
    return DraftForm(draft, usual, posted(request), are_fixed=are_fixed)


def write_draft(draft: Message, form: DraftForm, request: SignedInRequest) -> None:
    edit_draft(
        draft,
        form.cleaned_data["subject"],
        form.cleaned_data["body"],
        readers=form.readers,
        seen=form.cleaned_data["seen"] or None,
        by=request.user,
        now=clock.now(),
    )


@require_POST
def draft_remake(request: SignedInRequest, pk: UUID) -> HttpResponse:
    draft = get_draft(request, pk)
    try:
        remake_draft(draft, by=request.user, now=clock.now())
    except RuleRefused as refused:
        return refused_page(request, draft, refused)
    notices.success(request, _("The draft says what is true now. Read it once more."))
    return redirect(draft)


@require_POST
def draft_send(request: SignedInRequest, pk: UUID) -> HttpResponse:
    draft = get_draft(request, pk)
    seen = request.POST.get("seen", "")
    try:
        send_draft(draft, seen=seen, by=request.user, now=clock.now())
    except RuleRefused as refused:
        return refused_page(request, draft, refused)
    notices.success(request, _("The mail leaves with the next look of the worker."))
    return redirect(draft)


def refused_page(
    request: SignedInRequest, draft: Message, refused: RuleRefused
) -> HttpResponse:
    draft.refresh_from_db()
    context: dict[str, Any] = {"reasons": refused.reasons, "status": 409}
    return message_page(request, draft, **context)
