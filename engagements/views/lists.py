from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from engagements.access import visible_engagements, with_value_right
from engagements.choices import BallWith
from engagements.exports import (
    JOB,
    MOST_AT_ONCE,
    engagement_lines,
    file_name,
    listed_for,
    sees_values,
)
from engagements.filters import filtered
from engagements.models import Engagement
from engagements.queries import list_rows, only_listed
from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.jobs.models import Job
from psdelivery.jobs.services import start_job
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of


def may_somewhere(request: SignedInRequest, action: Action) -> bool:
    return scope_for(request.user.role_set, action) is not Scope.NONE


def is_filtered(request: SignedInRequest) -> bool:
    return any(
        value for name, value in request.GET.items() if name not in {"sort", "page"}
    )


def asked_party(form: BaseForm) -> str:
    """With whom the ball is counted in days, where the address asks for it."""
    asked = form.cleaned_data.get("ball_days", "") if form.is_valid() else ""
    return str(BallWith(asked).label) if asked else ""


@require_GET
def engagement_list(request: SignedInRequest) -> HttpResponse:
    now = clock.now()
    seen = with_value_right(visible_engagements(request.user), request.user)
    filterset = filtered(seen, request, now)
    page = page_of(only_listed(filterset.qs), request)
    context = {
        "form": filterset.form,
        "page": page,
        "rows": list_rows(page.object_list, now),
        "days_of": asked_party(filterset.form),
        "query": request.GET.urlencode(),
        "is_filtered": is_filtered(request),
        "with_value": may_somewhere(request, Action.VALUE_SEE),
        "may_add": may_somewhere(request, Action.ENGAGEMENT_CREATE),
    }
    status = 422 if filterset.form.errors else 200
    return render(request, "engagements/engagement_list.html", context, status=status)


def listed(request: SignedInRequest) -> QuerySet[Engagement] | None:
    try:
        return listed_for(request.user, request.GET, clock.now())
    except ValueError:
        return None


@require_GET
def engagement_export(request: SignedInRequest) -> HttpResponseBase:
    found = listed(request)
    if found is None:
        return redirect(with_query("engagements:engagement-list", request))
    if found[: MOST_AT_ONCE + 1].count() > MOST_AT_ONCE:
        return redirect(with_query("engagements:export-start", request))
    response = StreamingHttpResponse(
        engagement_lines(
            found, zone=request.user.zone, with_value=sees_values(request.user)
        ),
        content_type="text/csv; charset=utf-8",
    )
    name = file_name(clock.today(request.user.zone))
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def with_query(name: str, request: SignedInRequest) -> str:
    query = request.GET.urlencode()
    return f"{reverse(name)}?{query}" if query else reverse(name)


@require_http_methods(["GET", "POST"])
def export_start(request: SignedInRequest) -> HttpResponse:
    found = listed(request)
    list_url = with_query("engagements:engagement-list", request)
    if found is None:
        return redirect(list_url)
    if request.method == "POST":
        return redirect(start_export(request))
    context = {"count": found.count(), "list_url": list_url}
    return render(request, "engagements/engagement_export.html", context)


def start_export(request: SignedInRequest) -> Job:
    return start_job(
        JOB,
        _("Export of engagements"),
        {"query": request.GET.urlencode()},
        by=request.user,
        now=clock.now(),
    )
