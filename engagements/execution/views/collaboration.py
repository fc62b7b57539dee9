from collections.abc import Callable

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
from engagements.execution.forms.collaboration import ProjectForm, SeenForm
from engagements.execution.models import WorkItem
from engagements.execution.rules.work_text import issue_of, lines_that_differ
from engagements.execution.services.collaboration import set_project
from engagements.execution.services.project_runs import project_of
from engagements.execution.services.taking_theirs import (
    take_theirs,
    there_of,
    want_overwritten,
)
from engagements.execution.tabs import tab_url
from engagements.execution.work_access import get_item
from engagements.execution.work_jobs import begin_job, start_push
from engagements.execution.work_page import reader_rights
from engagements.views.answers import posted, status_of, written
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import REFUSED_BY_RULE, refused
from psdelivery.registry import RuleRefused


@require_http_methods(["GET", "POST"])
def project_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    project = project_of(engagement.pk)
    form = ProjectForm(posted(request), initial={"url": project.url if project else ""})
    saved = None
    if form.is_bound and form.is_valid():
        url, by = form.cleaned_data["url"], request.user
        saved = written(
            form, lambda: set_project(engagement, url, by=by, now=clock.now())
        )
    if saved is None:
        context = {"engagement": engagement, "form": form, "project": project}
        status = status_of(form)
        return render(
            request, "execution/work/project_form.html", context, status=status
        )
    messages.success(request, _("The project is noted."))
    return redirect(tab_url(engagement, "work"))


@require_POST
def push(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    try:
        job = start_push(engagement, by=request.user, now=clock.now())
    except RuleRefused as error:
        return refused(request, error.reasons, tab_url(engagement, "work"))
    return redirect(job)


def there_page(
    request: SignedInRequest, item: WorkItem, *, status: int = 200, **more: object
) -> HttpResponse:
    there = there_of(item)
    ours = issue_of(item, item.open_questions.all())
    only_ours, only_theirs = lines_that_differ(ours, there)
    context = {
        "engagement": item.engagement,
        "item": item,
        "ours": ours,
        "only_ours": only_ours,
        "only_theirs": only_theirs,
        "there": there,
        "seen": there.digest,
        "differs": item.push_state == "differs",
        "may_edit": reader_rights(request, item.engagement).may(Action.WORK_EDIT),
        **more,
    }
    return render(request, "execution/work/there.html", context, status=status)


@require_GET
def there(request: SignedInRequest, pk: int) -> HttpResponse:
    return there_page(request, get_item(request, pk))


def settled(
    request: SignedInRequest,
    item: WorkItem,
    write: Callable[[str], object],
) -> HttpResponse | None:
    """None where it was written; else the page that says why not."""
    form = SeenForm(request.POST)
    if not form.is_valid():
        return there_page(request, item, status=422, form=form)
    try:
        write(form.cleaned_data["seen"])
    except RuleRefused as error:
        # Others may have changed it: the page shows what stands now.
        fresh = get_item(request, item.pk)
        return there_page(request, fresh, status=REFUSED_BY_RULE, reasons=error.reasons)
    return None


@require_POST
def take(request: SignedInRequest, pk: int) -> HttpResponse:
    item, by = get_item(request, pk), request.user
    answer = settled(
        request, item, lambda seen: take_theirs(item, seen, by=by, now=clock.now())
    )
    if answer is not None:
        return answer
    messages.success(request, _("The customer's text is ours now."))
    return redirect(item)


@require_POST
def overwrite(request: SignedInRequest, pk: int) -> HttpResponse:
    item, by = get_item(request, pk), request.user
    answer = settled(
        request, item, lambda seen: want_overwritten(item, seen, by=by, now=clock.now())
    )
    if answer is not None:
        return answer
    return redirect(begin_job(item.engagement, by=by, now=clock.now()))
