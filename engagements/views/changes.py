from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from engagements.access import get_engagement, rights_of
from engagements.forms.changes import (
    ChangeForm,
    DecisionForm,
    EvidenceForm,
    UnitsForm,
)
from engagements.models import Change, Engagement
from engagements.services.changes import (
    add_evidence,
    approve_change,
    refuse_change,
    request_change,
    withdraw_change,
)
from engagements.services.units import set_units, units_of
from engagements.views.answers import posted, posted_files, status_of, written
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.documents.services import save_evidence
from psdelivery.people.http import SignedInRequest
from psdelivery.registry import RuleRefused


def changes_url(engagement: Engagement) -> str:
    return f"{engagement.get_absolute_url()}changes/"


def get_change(request: SignedInRequest, pk: int, change: int) -> Change:
    engagement = get_engagement(request, pk)
    changes = Change.objects.select_related("evidence", "requested_by")
    found = get_object_or_404(changes, pk=change, engagement=engagement)
    found.engagement = engagement
    return found


@require_http_methods(["GET", "POST"])
def change_add(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    form = ChangeForm(
        posted(request),
        posted_files(request),
        instance=Change(engagement=engagement),
        # A step that asks for it says which kind, and how many hours.
        initial={n: v for n in ("kind", "hours") if (v := request.GET.get(n))},
        sees_value=rights_of(request.user, engagement).may(Action.VALUE_SEE),
    )
    change = None
    if form.is_bound and form.is_valid():
        change = written(form, lambda: ask(request, engagement, form))
    if change is None:
        context = {"engagement": engagement, "form": form}
        status = status_of(form)
        return render(request, "engagements/change_form.html", context, status=status)
    messages.success(request, _("Asked for: %(change)s.") % {"change": change})
    return redirect(changes_url(engagement))


@transaction.atomic
def ask(request: SignedInRequest, engagement: Engagement, form: ChangeForm) -> Change:
    now = clock.now()
    form.instance.evidence = save_evidence(
        form.cleaned_data,
        title=str(form.instance),
        engagement=engagement,
        by=request.user,
        now=now,
        money=form.instance.value is not None,
    )
    return request_change(form.instance, by=request.user, now=now)


@require_POST
def change_evidence(request: SignedInRequest, pk: int, change: int) -> HttpResponse:
    found = get_change(request, pk, change)
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return change_page(request, found, evidence_form=form)
    try:
        add_evidence(found, form.cleaned_data, by=request.user, now=clock.now())
    except RuleRefused as refused:
        return change_page(request, found, reasons=refused.reasons)
    messages.success(request, _("The customer's word is on file."))
    return redirect(changes_url(found.engagement))


@require_GET
def change_detail(request: SignedInRequest, pk: int, change: int) -> HttpResponse:
    return change_page(request, get_change(request, pk, change))


@require_POST
def change_decide(request: SignedInRequest, pk: int, change: int) -> HttpResponse:
    found = get_change(request, pk, change)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return change_page(request, found, form=form)
    decide: Callable[..., Change] = approve_change
    if request.POST.get("decision") != "approve":
        decide = refuse_change
    try:
        decided = decide(
            found, form.cleaned_data["note"], by=request.user, now=clock.now()
        )
    except RuleRefused as refused:
        return change_page(request, found, form=form, reasons=refused.reasons)
    words = {"change": decided, "state": decided.get_state_display()}
    messages.success(request, _("%(change)s is %(state)s.") % words)
    return redirect(changes_url(found.engagement))


def change_page(
    request: SignedInRequest,
    change: Change,
    *,
    form: DecisionForm | None = None,
    evidence_form: EvidenceForm | None = None,
    reasons: object = (),
) -> HttpResponse:
    rights = rights_of(request.user, change.engagement)
    form, evidence_form = form or DecisionForm(), evidence_form or EvidenceForm()
    context = {
        "engagement": change.engagement,
        "change": change,
        "form": form,
        "evidence_form": evidence_form,
        "reasons": reasons,
        "sees_value": rights.may(Action.VALUE_SEE),
        "may_decide": rights.may(Action.GATE_WAIVE),
        "may_ask": rights.may(Action.GATE_WAIVE_REQUEST),
    }
    status = 409 if reasons else status_of(form, evidence_form)
    return render(request, "engagements/change_detail.html", context, status=status)


@require_POST
def change_withdraw(request: SignedInRequest, pk: int, change: int) -> HttpResponse:
    found = get_change(request, pk, change)
    try:
        withdraw_change(found, by=request.user, now=clock.now())
    except RuleRefused as refused:
        return change_page(request, found, reasons=refused.reasons)
    messages.success(request, _("Taken back: %(change)s.") % {"change": found})
    return redirect(changes_url(found.engagement))


@require_http_methods(["GET", "POST"])
def units_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    form = UnitsForm(posted(request), units=units_of(engagement))
    if not form.is_bound or not form.is_valid():
        context = {"engagement": engagement, "form": form}
        status = status_of(form)
        return render(request, "engagements/units_form.html", context, status=status)
    set_units(engagement, form.rows, by=request.user, now=clock.now())
    messages.success(request, _("The units are saved."))
    return redirect(changes_url(engagement))
