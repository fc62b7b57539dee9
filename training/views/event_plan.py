from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements.access import may
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people.http import SignedInRequest
from psdelivery.registry import Reason, RuleRefused
from training.access import get_delivery
from training.event_plan import plan_of, state_of
from training.event_plan_page import plan_context, told_rows, version_context
from training.forms.event_plan import KeepForm, PlanChoicesForm
from training.models import EventPlan, EventPlanVersion
from training.pages import class_tabs, sessions_with_class
from training.rules.classes import reasons_against_changing
from training.rules.event_plan import open_items, reasons_against_writing
from training.services.event_plan import begin_plan, decide_choices, keep_version
from training.views.answers import posted, refused, status_of, write_form


def get_plan(request: SignedInRequest, pk: int) -> EventPlan:
    plan = plan_of(get_delivery(request, pk))
    if plan is None:
        raise Http404(_("The event plan has not begun."))
    return plan


@require_GET
def plan_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    plan = plan_of(delivery)
    may_edit = may(request.user, Action.WORK_EDIT, delivery.engagement)
    context: dict[str, Any] = {
        "delivery": delivery,
        "class_tabs": class_tabs(request, delivery),
        "plan": plan,
        "may_write": may_edit and not reasons_against_writing(delivery),
        "may_decide": may_edit and not reasons_against_changing(delivery),
    }
    if plan is not None:
        context |= plan_context(plan, request.user)
    return render(request, "training/plan/plan_detail.html", context)


@require_POST
def plan_begin(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    try:
        plan = begin_plan(delivery, by=request.user, now=clock.now())
    except RuleRefused as refusal:
        return refused(request, refusal.reasons, delivery.get_absolute_url())
    return redirect(plan)


def form_page(
    request: SignedInRequest, plan: EventPlan, form: Any, page: str, **more: Any
) -> HttpResponse:
    context = {"plan": plan, "delivery": plan.delivery, "form": form, **more}
    return render(
        request, f"training/plan/{page}.html", context, status=status_of(form)
    )


@require_http_methods(["GET", "POST"])
def plan_choices(request: SignedInRequest, pk: int) -> HttpResponse:
    plan = get_plan(request, pk)
    against = reasons_against_changing(plan.delivery)
    if against:
        return refused(request, against, plan.get_absolute_url())
    sessions = sessions_with_class(plan.delivery)
    form = PlanChoicesForm(posted(request), plan=plan, sessions=sessions)
    saved = write_form(
        form,
        lambda: decide_choices(
            plan, form.cleaned_data, by=request.user, now=clock.now()
        ),
    )
    if saved is None:
        return form_page(request, plan, form, "plan_choices")
    messages.success(request, _("The choices are saved; the class has them too."))
    return redirect(plan)


@require_http_methods(["GET", "POST"])
def plan_keep(request: SignedInRequest, pk: int) -> HttpResponse:
    plan = get_plan(request, pk)
    against = reasons_against_writing(plan.delivery)
    if against:
        return refused(request, against, plan.get_absolute_url())
    kind = KeepForm.COMPLETE if plan.version else KeepForm.DRAFT
    form = KeepForm(posted(request), initial={"kind": kind})
    reasons: list[Reason] = []
    if form.is_valid():
        try:
            return kept_answer(request, plan, form)
        except RuleRefused as refusal:
            reasons = reasons_beside(form, refusal.reasons)
    items = open_items(state_of(plan))
    return form_page(request, plan, form, "plan_keep", items=items, reasons=reasons)


def kept_answer(
    request: SignedInRequest, plan: EventPlan, form: KeepForm
) -> HttpResponse:
    kept = keep_version(plan, form.keeping, by=request.user, now=clock.now())
    words = _("Version %(number)d of the event plan is kept.")
    messages.success(request, words % {"number": kept.number})
    return redirect(plan)


def reasons_beside(form: KeepForm, reasons: list[Reason]) -> list[Reason]:
    """Put what is about the note at its field; return the others, with their links."""
    for reason in reasons:
        if reason.code == "note":
            form.add_error("note", reason.sentence)
    others = [reason for reason in reasons if reason.code != "note"]
    if others:
        form.add_error(None, _("It was not kept."))
    return others


@require_GET
def plan_print(request: SignedInRequest, pk: int) -> HttpResponse:
    plan = get_plan(request, pk)
    context = {
        "plan": plan,
        "delivery": plan.delivery,
        "rows": told_rows(plan),
        "now": clock.now(),
    }
    return render(request, "training/plan/plan_print.html", context)


@require_GET
def plan_version(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    plan = get_plan(request, pk)
    versions = EventPlanVersion.objects.select_related("by")
    version = get_object_or_404(versions, plan=plan, number=number)
    context = {
        "plan": plan,
        "delivery": plan.delivery,
        **version_context(plan, version),
    }
    return render(request, "training/plan/plan_version.html", context)
