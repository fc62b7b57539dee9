from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagements.execution.forms.plan import DeliverableForm
from engagements.execution.plan_access import get_deliverable, get_planned
from engagements.execution.rules.plan import reasons_against_editing
from engagements.execution.services.plan import (
    add_deliverable,
    agree_plan,
    change_deliverable,
    remove_deliverable,
)
from engagements.execution.tabs import tab_url
from engagements.models import Engagement
from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import posted, refused, status_of, write_form
from psdelivery.registry import RuleRefused


def plan_url(engagement: Engagement) -> str:
    return tab_url(engagement, "plan", "deliverables")


def deliverable_page(
    request: SignedInRequest, engagement: Engagement, form: DeliverableForm
) -> HttpResponse:
    context = {
        "engagement": engagement,
        "form": form,
        "deliverable": form.instance,
        "plan_url": plan_url(engagement),
    }
    template = "execution/plan/deliverable_form.html"
    return render(request, template, context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def deliverable_add(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_planned(request, pk)
    form = DeliverableForm(engagement, posted(request))
    added = write_form(
        form,
        lambda: add_deliverable(
            engagement, form.changed_values, by=request.user, now=clock.now()
        ),
    )
    if added is None:
        return deliverable_page(request, engagement, form)
    messages.success(request, _("Planned: %(title)s.") % {"title": added})
    return redirect(plan_url(engagement))


@require_http_methods(["GET", "POST"])
def deliverable_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    deliverable = get_deliverable(request, pk)
    if against := reasons_against_editing(deliverable):
        return refused(request, against, deliverable.get_absolute_url())
    engagement, shown = deliverable.engagement, get_deliverable(request, pk)
    form = DeliverableForm(engagement, posted(request), instance=shown)
    saved = write_form(
        form,
        lambda: change_deliverable(
            deliverable, form.changed_values, by=request.user, now=clock.now()
        ),
    )
    if saved is None:
        return deliverable_page(request, engagement, form)
    messages.success(request, _("The changes are saved."))
    return redirect(saved)


@require_POST
def deliverable_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    deliverable = get_deliverable(request, pk)
    try:
        remove_deliverable(deliverable, by=request.user, now=clock.now())
    except RuleRefused as error:
        return refused(request, error.reasons, deliverable.get_absolute_url())
    messages.success(request, _("Off the plan: %(title)s.") % {"title": deliverable})
    return redirect(plan_url(deliverable.engagement))


@require_POST
def plan_agree(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_planned(request, pk)
    try:
        agree_plan(engagement, by=request.user, now=clock.now())
    except RuleRefused as error:
        return refused(request, error.reasons, plan_url(engagement))
    messages.success(request, _("That the customer agreed to the plan is noted."))
    return redirect(plan_url(engagement))
