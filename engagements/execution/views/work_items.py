from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from engagements.access import get_engagement
from engagements.execution.forms.work_items import WorkItemForm
from engagements.execution.models import WorkItem
from engagements.execution.services.work_items import (
    add_item,
    move_item,
    remove_item,
    save_item,
)
from engagements.execution.tabs import tab_url
from engagements.execution.work_access import get_item
from engagements.execution.work_page import KEY, item_page
from engagements.models import Engagement
from engagements.views.answers import posted, status_of, written
from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import REFUSED_BY_RULE, refused
from psdelivery.registry import RuleRefused


def form_page(
    request: SignedInRequest,
    engagement: Engagement,
    form: WorkItemForm,
    item: WorkItem | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"engagement": engagement, "form": form, "item": item}
    if "preview" in request.POST:
        context["preview"] = form.preview
    status = REFUSED_BY_RULE if form.conflicts else status_of(form)
    return render(request, "execution/work/item_form.html", context, status=status)


def is_to_be_saved(request: SignedInRequest, form: WorkItemForm) -> bool:
    return form.is_bound and form.is_valid() and "preview" not in request.POST


@require_http_methods(["GET", "POST"])
def item_add(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    form = WorkItemForm(engagement, posted(request))
    if not is_to_be_saved(request, form):
        return form_page(request, engagement, form)
    item = add_item(engagement, form.values, by=request.user, now=clock.now())
    messages.success(request, _("The work item is added."))
    return redirect(item)


@require_GET
def item_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    context = item_page(request, get_item(request, pk))
    return render(request, "execution/work/item_detail.html", context)


@require_http_methods(["GET", "POST"])
def item_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    item = get_item(request, pk)
    engagement, seen = item.engagement, item.version
    form = WorkItemForm(engagement, posted(request), instance=item)
    saved = None
    if is_to_be_saved(request, form):
        saved = written(
            form,
            lambda: save_item(
                item, form.values, seen=seen, by=request.user, now=clock.now()
            ),
        )
    if saved is None:
        return form_page(request, engagement, form, item)
    tell_of_build(request, item, saved)
    messages.success(request, _("The work item is saved."))
    return redirect(saved)


def tell_of_build(request: SignedInRequest, before: WorkItem, after: WorkItem) -> None:
    if before.state != after.state:
        words = _("Something of it is open again: it is not in build any more.")
        messages.warning(request, words)


@require_POST
def item_move(request: SignedInRequest, pk: int) -> HttpResponse:
    item = get_item(request, pk)
    try:
        moved = move_item(
            item, request.POST.get("to", ""), by=request.user, now=clock.now()
        )
    except RuleRefused as error:
        return refused(request, error.reasons, item.get_absolute_url())
    words = {"item": moved.title, "state": moved.get_state_display()}
    messages.success(request, _("“%(item)s” is %(state)s.") % words)
    return redirect(moved)


@require_POST
def item_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    item = get_item(request, pk)
    try:
        remove_item(item, by=request.user, now=clock.now())
    except RuleRefused as error:
        return refused(request, error.reasons, item.get_absolute_url())
    messages.success(request, _("The work item is removed."))
    return redirect(tab_url(item.engagement, KEY))
