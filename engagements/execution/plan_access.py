"""Loaders of the records of kickoff, plan and deliverables: object and permission."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from engagements.access import get_engagement
from engagements.execution.models import Deliverable, ProjectRisk
from engagements.execution.tabs import KINDS_WITH_PLAN
from engagements.models import Engagement


def get_planned(request: HttpRequest, pk: int) -> Engagement:
    """Load an engagement that has a plan, as `get_engagement` does.

    Raises Http404 for a training and for internal work, too.
    """
    engagement = get_engagement(request, pk)
    if engagement.kind not in KINDS_WITH_PLAN:
        raise Http404(_("This kind of engagement has no plan."))
    return engagement


def get_risk(request: HttpRequest, pk: int) -> ProjectRisk:
    """Load a risk whose engagement the view may treat; Http404, PermissionDenied."""
    found = get_object_or_404(ProjectRisk.objects.select_related("owner"), pk=pk)
    found.engagement = get_engagement(request, found.engagement_id)
    return found


def get_deliverable(request: HttpRequest, pk: int) -> Deliverable:
    """Load a deliverable whose engagement the view may treat, as `get_risk` does."""
    rows = Deliverable.objects.select_related("owner", "kit_item")
    found = get_object_or_404(rows, pk=pk)
    found.engagement = get_engagement(request, found.engagement_id)
    return found
