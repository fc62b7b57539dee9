from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from engagements.access import get_engagement
from engagements.execution.forms.work_drafts import DraftForm
from engagements.execution.models import DiscoverySession
from engagements.execution.services.work_drafts import Drafted, draft_items
from engagements.execution.tabs import tab_url
from engagements.execution.work_markdown import file_name, items_file
from engagements.execution.work_queries import findings_of, item_rows
from engagements.models import Engagement
from engagements.views.answers import posted, status_of
from psdelivery import clock
from psdelivery.people.http import SignedInRequest

LONGEST_KEY = 18


def session_of(
    request: SignedInRequest, engagement: Engagement
) -> DiscoverySession | None:
    """The session that the address names; None means all of them."""
    wanted = request.GET.get("session", "")
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) <= LONGEST_KEY):
        return None
    return engagement.discovery_sessions.filter(pk=wanted).first()


@require_http_methods(["GET", "POST"])
def draft(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    session = session_of(request, engagement)
    findings = findings_of(engagement, session)
    form = DraftForm(findings, posted(request))
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        drafted = draft_items(
            engagement,
            assumptions=given.get("assumptions", []),
            questions=given.get("questions", []),
            by=request.user,
            now=clock.now(),
        )
        messages.success(request, words_of(drafted))
        return redirect(tab_url(engagement, "work"))
    context = {
        "engagement": engagement,
        "session": session,
        "findings": findings,
        "form": form,
    }
    status = status_of(form)
    return render(request, "execution/work/draft.html", context, status=status)


def words_of(drafted: Drafted) -> str:
    count = len(drafted.items)
    if not count:
        return _("All of them have a work item already.")
    words = ngettext("%(n)s work item drafted.", "%(n)s work items drafted.", count)
    return words % {"n": count}


@require_GET
def markdown_file(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    today = clock.today(request.user.zone)
    text = items_file(engagement, item_rows(engagement), today)
    response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    name = file_name(engagement)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
