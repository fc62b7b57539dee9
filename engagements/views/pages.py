from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from engagements.access import Rights, get_engagement, rights_of
from engagements.forms.moves import BallForm
from engagements.headers import header_of
from engagements.models import Engagement
from engagements.queries import fetch_page_facts
from engagements.registry import Panel, panels
from psdelivery import clock
from psdelivery.people.http import SignedInRequest


def shown_panel(tab: str, engagement: Engagement, rights: Rights) -> Panel:
    panel = panels.get(tab)
    if panel is None or not panel.is_shown(engagement):
        raise Http404(_("The engagement has no such page."))
    if not rights.may(panel.needs):
        raise PermissionDenied(_("Your role does not include this page."))
    return panel


@require_GET
def engagement_detail(
    request: SignedInRequest, pk: int, tab: str = "overview"
) -> HttpResponse:
    engagement = fetch_page_facts(get_engagement(request, pk))
    rights = rights_of(request.user, engagement)
    panel = shown_panel(tab, engagement, rights)
    context = {
        "engagement": engagement,
        "rights": rights,
        "header": header_of(engagement, rights, panel, clock.now()),
        "ball_form": BallForm.about(engagement),
        "panel": panel,
        **panel.context(request, engagement),
    }
    return render(request, "engagements/engagement_detail.html", context)
