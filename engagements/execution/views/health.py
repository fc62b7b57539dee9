"""The report on health and status: drafted, saved, read, mailed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements.execution.burn_down import burn_down_for
from engagements.execution.burn_down_chart import chart_of
from engagements.execution.forms.health import HealthReportForm, tell_at_fields
from engagements.execution.health_access import get_report, get_reported
from engagements.execution.health_facts import Moment, facts_of
from engagements.execution.health_mail import KIND
from engagements.execution.health_page import (
    begun_from,
    shown_report,
    todays_report,
)
from engagements.execution.models import HealthReport
from engagements.execution.rules.health import reasons_against_reporting
from engagements.execution.rules.health_draft import draft_of
from engagements.execution.services.health import (
    prepare_report_mail,
    reasons_against_mail,
    save_report,
)
from engagements.models import Engagement
from engagements.views.answers import posted, status_of, written
from psdelivery import clock
from psdelivery.outbox.access import may_write
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of
from psdelivery.people.views.answers import refused
from psdelivery.registry import RuleRefused


@require_http_methods(["GET", "POST"])
def health_add(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_reported(request, pk)
    reasons = reasons_against_reporting(engagement.kind, engagement.status)
    if reasons:
        return refused(request, reasons, engagement.get_absolute_url())
    at = Moment(clock.now(), clock.today(request.user.zone))
    draft = draft_of(facts_of(engagement, at))
    today = todays_report(engagement, at.today)
    first = begun_from(draft, today)
    form = HealthReportForm(draft.suggestions, posted(request), initial=first)
    saved = None
    if form.is_bound and form.is_valid():
        saved = written(
            form,
            lambda: save_report(
                engagement,
                form.values,
                seen=form.cleaned_data["seen"],
                by=request.user,
                now=at.now,
            ),
            tell_at_fields,
        )
    if saved is None:
        return form_page(request, engagement, form, today)
    messages.success(request, _("The report is saved."))
    return redirect(saved)


def form_page(
    request: SignedInRequest,
    engagement: Engagement,
    form: HealthReportForm,
    today: HealthReport | None,
) -> HttpResponse:
    burn_down = burn_down_for(engagement, clock.today(request.user.zone))
    context: dict[str, Any] = {
        "engagement": engagement,
        "form": form,
        "today": today,
        "burn_down": burn_down,
        "chart": chart_of(burn_down),
    }
    template = "execution/health/health_form.html"
    return render(request, template, context, status=status_of(form))


@require_GET
def health_list(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_reported(request, pk)
    found = HealthReport.objects.filter(engagement=engagement)
    rows = found.select_related("by", "message").order_by("-day", "-version")
    context = {"engagement": engagement, "page": page_of(rows, request)}
    return render(request, "execution/health/health_list.html", context)


@require_GET
def health_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk)
    context = {
        "engagement": report.engagement,
        "report": report,
        "shown": shown_report(report, request.user),
        "may_mail": not reasons_against_mail(report)
        and may_write(request.user, KIND, report),
    }
    return render(request, "execution/health/health_detail.html", context)


@require_POST
def health_mail(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_report(request, pk)
    if not may_write(request.user, KIND, report):
        raise PermissionDenied(_("Your role does not send this mail."))
    try:
        draft = prepare_report_mail(report, by=request.user, now=clock.now())
    except RuleRefused as error:
        return refused(request, error.reasons, report.get_absolute_url())
    return redirect(draft)
