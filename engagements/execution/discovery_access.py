"""Load discovery sessions for views, with the right checked by their engagement."""

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from engagements.access import get_engagement
from engagements.execution.models import DiscoverySession


def get_session(request: HttpRequest, pk: int) -> DiscoverySession:
    """Load a session for the view at hand.

    Raises Http404 for one of an engagement that the person may not see,
    PermissionDenied for one that they may not treat in this way.
    """
    rows = DiscoverySession.objects.select_related(
        "sheet", "checklist", "read_back_by", "confirmed_by"
    )
    session = rows.filter(pk=pk).first()
    if session is None:
        raise Http404(_("There is no such session."))
    session.engagement = get_engagement(request, session.engagement_id)
    return session
