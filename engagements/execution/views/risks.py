from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.execution.forms.plan import NewRiskForm, RiskForm
from engagements.execution.plan_access import get_planned, get_risk
from engagements.execution.services.risks import add_risk, change_risk
from engagements.execution.tabs import tab_url
from engagements.models import Engagement
from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import posted, status_of, write_form


def risk_page(
    request: SignedInRequest, engagement: Engagement, form: RiskForm
) -> HttpResponse:
    context = {
        "engagement": engagement,
        "form": form,
        "risk": form.instance,
        "plan_url": tab_url(engagement, "plan", "risks"),
    }
    status = status_of(form)
    return render(request, "execution/plan/risk_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def risk_add(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_planned(request, pk)
    form = NewRiskForm(engagement, posted(request))
    risk = write_form(
        form,
        lambda: add_risk(
            engagement, **form.cleaned_data, by=request.user, now=clock.now()
        ),
    )
    if risk is None:
        return risk_page(request, engagement, form)
    messages.success(request, _("The risk is on the list."))
    return redirect(risk)


@require_http_methods(["GET", "POST"])
def risk_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    risk = get_risk(request, pk)
    form = RiskForm(risk.engagement, posted(request), instance=get_risk(request, pk))
    saved = write_form(
        form,
        lambda: change_risk(
            risk, form.changed_values, by=request.user, now=clock.now()
        ),
    )
    if saved is None:
        return risk_page(request, risk.engagement, form)
    messages.success(request, _("The changes are saved."))
    return redirect(saved)
