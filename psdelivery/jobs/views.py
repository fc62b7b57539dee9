from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from psdelivery import clock
from psdelivery.jobs import rules, services
from psdelivery.jobs.access import get_job, jobs_of
from psdelivery.jobs.models import Job
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of
from psdelivery.registry import RuleRefused


@require_GET
def job_list(request: SignedInRequest) -> HttpResponse:
    page = page_of(jobs_of(request.user).select_related("result_file"), request)
    return render(request, "jobs/job_list.html", {"page": page})


@require_GET
def job_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    job = get_job(request, pk)
    context = {
        "job": job,
        "may_cancel": rules.may_cancel(job),
        "may_undo": rules.may_undo(job),
    }
    fragment = "jobs/partials/_job.html"
    template = fragment if request.htmx else "jobs/job_detail.html"
    return render(request, template, context)


def decide(
    request: SignedInRequest, pk: int, service: Callable[..., Job], done: str
) -> HttpResponse:
    job = get_job(request, pk)
    try:
        service(job, by=request.user, now=clock.now())
    except RuleRefused as refused:
        context = {"reasons": refused.reasons, "back_url": job.get_absolute_url()}
        return render(request, "409.html", context, status=409)
    messages.success(request, done)
    return redirect(job)


@require_POST
def job_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    return decide(request, pk, services.cancel_job, _("The job is being stopped."))


@require_POST
def job_undo(request: SignedInRequest, pk: int) -> HttpResponse:
    return decide(request, pk, services.undo_job, _("The job is undone."))
