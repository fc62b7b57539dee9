"""The texts of mails: managers edit them, coordinators read them (R-15)."""

from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.outbox.forms.templates import PreviewForm, TemplateForm
from psdelivery.outbox.models import MailTemplate
from psdelivery.outbox.previews import chosen_record, preview_of, record_choices
from psdelivery.outbox.rules.templates import reasons_against_template
from psdelivery.outbox.services.templates import (
    reset_template,
    restore_template,
    save_template,
)
from psdelivery.outbox.templates import MailKind, mail_kind, mail_kinds, shipped_text
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import posted, status_of
from psdelivery.registry import RuleRefused


def known_kind(key: str) -> MailKind:
    kind = mail_kind(key)
    if kind is None:
        raise Http404(_("There is no such mail."))
    return kind


def may_edit(request: SignedInRequest) -> bool:
    reach = scope_for(request.user.role_set, Action.REGISTER_EDIT)
    return reach is not Scope.NONE


@require_GET
def template_list(request: SignedInRequest) -> HttpResponse:
    current = MailTemplate.objects.current().select_related("edited_by")
    by_kind = {template.kind: template for template in current}
    rows = [(kind, by_kind.get(kind.key)) for kind in mail_kinds()]
    context = {"rows": rows, "may_edit": may_edit(request)}
    return render(request, "outbox/template_list.html", context)


@require_GET
def template_detail(request: SignedInRequest, kind: str) -> HttpResponse:
    known = known_kind(kind)
    versions = list(MailTemplate.objects.filter(kind=kind).select_related("edited_by"))
    current = next((one for one in versions if one.is_current), None)
    form = PreviewForm(request.GET)
    context = {
        "kind": known,
        "template": shown_version(request, versions) or current,
        "current": current,
        "versions": versions,
        "may_edit": may_edit(request),
        "is_as_shipped": is_as_shipped(known, current),
        "form": form,
        **preview_context(request, known, form),
    }
    context["letter"] = letter_of(known, context["template"], context["record"])
    status = status_of(form)
    return render(request, "outbox/template_detail.html", context, status=status)


def shown_version(
    request: SignedInRequest, versions: list[MailTemplate]
) -> MailTemplate | None:
    wanted = request.GET.get("version", "")
    return next((one for one in versions if str(one.version) == wanted), None)


def is_as_shipped(kind: MailKind, current: MailTemplate | None) -> bool:
    text = shipped_text(kind.key)
    if current is None or text is None:
        return text is None
    return (current.subject, current.body) == (text.subject, text.body)


def preview_context(
    request: SignedInRequest, kind: MailKind, form: PreviewForm
) -> dict[str, Any]:
    typed = form.cleaned_data if form.is_valid() else {}
    choices = record_choices(kind, request.user, typed.get("q", ""))
    record = chosen_record(kind, request.user, typed.get("record"), choices)
    return {"choices": choices, "record": record}


def letter_of(kind: MailKind, template: MailTemplate | None, record: Any) -> Any:
    if template is None or record is None:
        return None
    return preview_of(kind, record, template.subject, template.body)


@require_http_methods(["GET", "POST"])
def template_edit(request: SignedInRequest, kind: str) -> HttpResponse:
    known = known_kind(kind)
    current = MailTemplate.objects.current().filter(kind=kind).first()
    records = records_to_choose(request, known)
    initial = {"record": request.GET.get("record", "")}
    form = TemplateForm(current, posted(request), records=records, initial=initial)
    if not form.is_bound or not form.is_valid():
        return edit_page(request, known, form)
    if "preview" in request.POST:
        return preview_page(request, known, form, records)
    try:
        save_template(known, form.typed, by=request.user, now=clock.now())
    except RuleRefused as refused:
        form.show_again(MailTemplate.objects.current().filter(kind=kind).first())
        return edit_page(request, known, form, reasons=refused.reasons, status=409)
    notices.success(request, _("Saved. New drafts are written from this text."))
    return redirect("outbox:template-detail", kind)


def records_to_choose(request: SignedInRequest, kind: MailKind) -> list[Any]:
    """The newest, and the one that the page before was about."""
    records = record_choices(kind, request.user, "")
    wanted = PreviewForm(request.GET)
    chosen = wanted.cleaned_data["record"] if wanted.is_valid() else None
    record = chosen_record(kind, request.user, chosen, records)
    return [*([record] if record and record not in records else []), *records]


def preview_page(
    request: SignedInRequest, kind: MailKind, form: TemplateForm, records: list[Any]
) -> HttpResponse:
    typed = form.typed
    against = reasons_against_template(typed.subject, typed.body, kind.placeholders)
    if against:
        return edit_page(request, kind, form, reasons=against, status=409)
    wanted = form.cleaned_data.get("record")
    record = next((one for one in records if str(one.pk) == wanted), None)
    letter = preview_of(kind, record, typed.subject, typed.body) if record else None
    return edit_page(request, kind, form, letter=letter)


def edit_page(
    request: SignedInRequest,
    kind: MailKind,
    form: TemplateForm,
    *,
    status: int = 0,
    **more: Any,
) -> HttpResponse:
    context = {"kind": kind, "form": form, **more}
    status = status or status_of(form)
    return render(request, "outbox/template_form.html", context, status=status)


@require_POST
def template_restore(request: SignedInRequest, kind: str, version: int) -> HttpResponse:
    known = known_kind(kind)
    found = get_object_or_404(MailTemplate, kind=kind, version=version)
    return gone_back(
        request,
        known,
        lambda: restore_template(known, found, by=request.user, now=clock.now()),
    )


@require_POST
def template_reset(request: SignedInRequest, kind: str) -> HttpResponse:
    known = known_kind(kind)
    return gone_back(
        request,
        known,
        lambda: reset_template(known, by=request.user, now=clock.now()),
    )


def gone_back(request: SignedInRequest, kind: MailKind, write: Any) -> HttpResponse:
    try:
        template = write()
    except RuleRefused as refused:
        back_url = reverse("outbox:template-detail", args=[kind.key])
        context = {"reasons": refused.reasons, "back_url": back_url}
        return render(request, "409.html", context, status=409)
    words = {"n": template.version}
    notices.success(request, _("This is version %(n)d now.") % words)
    return redirect("outbox:template-detail", kind.key)
