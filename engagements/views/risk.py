from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from engagements.access import get_engagement, rights_of
from engagements.choices import RiskState
from engagements.forms.risk import EndForm, GrantForm, RefusalForm, RiskForm
from engagements.models import Engagement, WorkAtRisk
from engagements.queries import gate_for, risks_with_people
from engagements.services.risk import (
    ask_for_risk,
    end_risk,
    grant_risk,
    refuse_risk,
    take_risk_back,
    waive_conditions,
)
from engagements.views.answers import posted, status_of, written
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.history.queries import events_for_subject
from psdelivery.people.http import SignedInRequest
from psdelivery.registry import RuleRefused


def get_risk(request: SignedInRequest, pk: int, risk: int) -> WorkAtRisk:
    engagement = get_engagement(request, pk)
    found = get_object_or_404(risks_with_people(), pk=risk, engagement=engagement)
    found.engagement = engagement
    return found


def may_decide(request: SignedInRequest, engagement: Engagement) -> bool:
    return rights_of(request.user, engagement).may(Action.GATE_WAIVE)


@require_http_methods(["GET", "POST"])
def risk_add(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    if not engagement.has_gate:
        raise Http404(_("Internal work has no gate."))
    decides = may_decide(request, engagement)
    gate = gate_for(engagement, clock.now())
    form = RiskForm(gate, posted(request), initial={"codes": request.GET.getlist("c")})
    write = waive_conditions if decides else ask_for_risk
    risk = None
    if form.is_bound and form.is_valid():
        risk = written(
            form,
            lambda: write(engagement, form.terms, by=request.user, now=clock.now()),
        )
    if risk is None:
        context = {"engagement": engagement, "form": form, "decides": decides}
        status = status_of(form)
        return render(request, "engagements/risk_form.html", context, status=status)
    said = _("Work at risk is granted.") if decides else _("Work at risk is asked for.")
    messages.success(request, said)
    return redirect(risk)


def risk_page(
    request: SignedInRequest, risk: WorkAtRisk, *, status: int = 200, **options: Any
) -> HttpResponse:
    rights = rights_of(request.user, risk.engagement)
    decides = rights.may(Action.GATE_WAIVE)
    is_open = risk.state == RiskState.REQUESTED
    context = {
        "engagement": risk.engagement,
        "risk": risk,
        "grant_form": GrantForm(prefix="grant"),
        "refusal_form": RefusalForm(prefix="refusal"),
        "end_form": EndForm(prefix="end"),
        "may_decide": decides and is_open,
        "may_take_back": rights.may(Action.GATE_WAIVE_REQUEST) and is_open,
        "may_end": decides and risk.is_running,
        "events": events_for_subject(risk),
        **options,
    }
    return render(request, "engagements/risk_detail.html", context, status=status)


@require_GET
def risk_detail(request: SignedInRequest, pk: int, risk: int) -> HttpResponse:
    return risk_page(request, get_risk(request, pk, risk))


def answered(
    request: SignedInRequest,
    risk: WorkAtRisk,
    write: Callable[[], WorkAtRisk],
    said: str,
) -> HttpResponse:
    try:
        write()
    except RuleRefused as refused:
        return risk_page(request, risk, status=409, reasons=refused.reasons)
    messages.success(request, said)
    return redirect(risk)


def decided(
    request: SignedInRequest,
    risk: WorkAtRisk,
    form: Form,
    service: Callable[..., WorkAtRisk],
    said: str,
) -> HttpResponse:
    """The form's fields are what the service takes besides who and when."""
    if not form.is_valid():
        return risk_page(request, risk, status=422, **{f"{form.prefix}_form": form})
    given, by = form.cleaned_data, request.user
    return answered(
        request, risk, lambda: service(risk, by=by, now=clock.now(), **given), said
    )


@require_POST
def risk_grant(request: SignedInRequest, pk: int, risk: int) -> HttpResponse:
    found, form = get_risk(request, pk, risk), GrantForm(request.POST, prefix="grant")
    return decided(request, found, form, grant_risk, _("Work at risk is granted."))


@require_POST
def risk_refuse(request: SignedInRequest, pk: int, risk: int) -> HttpResponse:
    found = get_risk(request, pk, risk)
    form = RefusalForm(request.POST, prefix="refusal")
    return decided(request, found, form, refuse_risk, _("Work at risk is refused."))


@require_POST
def risk_end(request: SignedInRequest, pk: int, risk: int) -> HttpResponse:
    found, form = get_risk(request, pk, risk), EndForm(request.POST, prefix="end")
    return decided(request, found, form, end_risk, _("Work at risk is ended."))


@require_POST
def risk_take_back(request: SignedInRequest, pk: int, risk: int) -> HttpResponse:
    found = get_risk(request, pk, risk)
    return answered(
        request,
        found,
        lambda: take_risk_back(found, by=request.user, now=clock.now()),
        _("The question is taken back."),
    )
