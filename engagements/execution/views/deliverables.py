from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from engagements.access import rights_of
from engagements.execution.deliverable_page import deliverable_context
from engagements.execution.forms.deliverables import (
    DeliverableMoveForm,
    DeliverableVersionForm,
    ReviewForm,
)
from engagements.execution.models import Deliverable
from engagements.execution.plan_access import get_deliverable
from engagements.execution.rules.deliverables import (
    find_move,
    reasons_against_version,
)
from engagements.execution.services.deliverables import (
    add_version,
    move_deliverable,
    record_review,
)
from engagements.execution.tabs import tab_url
from engagements.views.answers import posted_files
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import (
    REFUSED_FORM,
    posted,
    refused,
    status_of,
    write_form,
)
from psdelivery.registry import RuleRefused


@require_GET
def deliverable_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    deliverable = get_deliverable(request, pk)
    engagement = deliverable.engagement
    context = {
        "engagement": engagement,
        "deliverable": deliverable,
        "plan_url": tab_url(engagement, "deliverables"),
        "may_edit": rights_of(request.user, engagement).may(Action.WORK_EDIT),
        **deliverable_context(deliverable),
    }
    return render(request, "execution/deliverables/deliverable_detail.html", context)


def form_page(
    request: SignedInRequest,
    deliverable: Deliverable,
    form: BaseForm,
    name: str,
    **more: Any,
) -> HttpResponse:
    context = {"deliverable": deliverable, "form": form, **more}
    context["engagement"] = deliverable.engagement
    status = REFUSED_FORM if more.get("reasons") else status_of(form)
    template = f"execution/deliverables/{name}.html"
    return render(request, template, context, status=status)


@require_http_methods(["GET", "POST"])
def version_add(request: SignedInRequest, pk: int) -> HttpResponse:
    deliverable = get_deliverable(request, pk)
    if against := reasons_against_version(deliverable):
        return refused(request, against, deliverable.get_absolute_url())
    form = DeliverableVersionForm(posted(request), posted_files(request))
    added = write_form(
        form,
        lambda: add_version(
            deliverable,
            form.cleaned_data,
            form.cleaned_data["note"],
            by=request.user,
            now=clock.now(),
        ),
    )
    if added is None:
        return form_page(request, deliverable, form, "version_form")
    messages.success(request, _("This is the newest version now."))
    return redirect(deliverable)


@require_http_methods(["GET", "POST"])
def deliverable_move(request: SignedInRequest, pk: int) -> HttpResponse:
    deliverable = get_deliverable(request, pk)
    first = {"target": request.GET.get("target", "")}
    form = DeliverableMoveForm(posted(request), initial=first)
    target = form["target"].value() or ""
    more: dict[str, Any] = {"move": find_move(deliverable, target)}
    if not form.is_valid():
        return form_page(request, deliverable, form, "move_form", **more)
    try:
        moved = move_deliverable(
            deliverable,
            target,
            form.cleaned_data["reason"],
            by=request.user,
            now=clock.now(),
        )
    except RuleRefused as error:
        more["reasons"] = error.reasons
        return form_page(request, deliverable, form, "move_form", **more)
    messages.success(request, _("Moved: %(title)s.") % {"title": moved})
    return redirect(moved)


@require_http_methods(["GET", "POST"])
def deliverable_review(request: SignedInRequest, pk: int) -> HttpResponse:
    deliverable = get_deliverable(request, pk)
    engagement = deliverable.engagement
    first = {
        "said_on": clock.today(engagement.customer.zone),
        "contact": engagement.main_contact_id,
    }
    form = ReviewForm(engagement, posted(request), posted_files(request), initial=first)
    recorded = write_form(
        form,
        lambda: record_review(
            deliverable, form.review, by=request.user, now=clock.now()
        ),
    )
    if recorded is None:
        return form_page(request, deliverable, form, "review_form")
    messages.success(request, _("What the customer said is recorded."))
    return redirect(deliverable)
