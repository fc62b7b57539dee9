"""A step that is done by a mail: prepare it, or tell that it left from elsewhere."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from psdelivery import clock
from psdelivery.access import Action
from psdelivery.outbox.access import may_write
from psdelivery.outbox.services.drafting import prepare_draft
from psdelivery.outbox.templates import MailKind
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import posted, status_of
from psdelivery.playbooks.access import get_step
from psdelivery.playbooks.forms.mail import ElsewhereForm
from psdelivery.playbooks.mailing import HOMEWORK_REMINDER, mail_of
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.queries import steps_within
from psdelivery.playbooks.services.step_mail import note_sent_elsewhere
from psdelivery.playbooks.views.steps import render_step
from psdelivery.registry import RuleRefused


def get_mail_step(
    request: SignedInRequest, pk: int, template: str = ""
) -> tuple[Step, MailKind, Any]:
    """404 for a step out of sight, 403 for whoever does not send its mail.

    Raises RuleRefused where the step has no mail, or no such one.
    """
    step = get_step(request, pk)
    if not steps_within(request.user, Action.MAIL_SEND).filter(pk=pk).exists():
        raise PermissionDenied(_("Your role does not send this mail."))
    kind, record = mail_of(step, template)
    if not may_write(request.user, kind, record):
        raise PermissionDenied(_("Your role does not send this mail."))
    return step, kind, record


@require_POST
def step_mail(request: SignedInRequest, pk: int) -> HttpResponse:
    try:
        template = request.POST.get("template", "")
        step, kind, record = get_mail_step(request, pk, template)
        draft = prepare_draft(
            kind.key,
            record,
            step=record if kind.key == HOMEWORK_REMINDER else step,
            engagement=step.engagement,
            by=request.user,
            now=clock.now(),
        )
    except RuleRefused as refused:
        step = get_step(request, pk)
        return render_step(request, step, reasons=refused.reasons, status=409)
    return redirect(draft)


@require_http_methods(["GET", "POST"])
def step_elsewhere(request: SignedInRequest, pk: int) -> HttpResponse:
    try:
        step, kind, record = get_mail_step(request, pk)
    except RuleRefused as refused:
        step = get_step(request, pk)
        return render_step(request, step, reasons=refused.reasons, status=409)
    data = posted(request)
    form = ElsewhereForm(
        data, request.FILES or None, initial=usual_words(request, kind, record)
    )
    reasons: Any = ()
    if form.is_bound and form.is_valid():
        try:
            note_sent_elsewhere(
                step,
                form.cleaned_data | {"sent_at": form.sent_at(request.user.zone)},
                by=request.user,
                now=clock.now(),
            )
        except RuleRefused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("Noted: the mail counts as sent."))
            return redirect(step)
    context = {"step": step, "form": form, "reasons": reasons, "kind": kind}
    status = 409 if reasons else status_of(form)
    return render(request, "playbooks/step_elsewhere.html", context, status=status)


def usual_words(
    request: SignedInRequest, kind: MailKind, record: Any
) -> dict[str, Any]:
    now = clock.now().astimezone(ZoneInfo(request.user.zone))
    return {
        "day": now.date(),
        "clock": now.time().replace(second=0, microsecond=0),
        "to": ", ".join(kind.addressing(record).to),
        "subject": kind.title,
    }
