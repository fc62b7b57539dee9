"""Loaders of the reports on health: object and permission in one call."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from engagements.access import get_engagement
from engagements.execution.models import HealthReport
from engagements.execution.rules.health import KINDS_WITH_REPORTS
from engagements.models import Engagement


def get_reported(request: HttpRequest, pk: int) -> Engagement:
    """Load an engagement that has reports, as `get_engagement` does.

    Raises Http404 for training and internal work, too.
    """
    engagement = get_engagement(request, pk)
    if engagement.kind not in KINDS_WITH_REPORTS:
        raise Http404(_("This kind of engagement has no report on health."))
    return engagement


def get_report(request: HttpRequest, pk: int) -> HealthReport:
    """Load a report whose engagement the view may treat; Http404, PermissionDenied."""
    rows = HealthReport.objects.select_related("by", "message")
    found = get_object_or_404(rows, pk=pk)
    found.engagement = get_engagement(request, found.engagement_id)
    return found
