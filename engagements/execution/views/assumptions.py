from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from engagements.access import get_engagement
from engagements.execution.discovery import KIND
from engagements.execution.forms.assumptions import AssumptionForm, DecisionForm
from engagements.execution.models import Assumption, DiscoverySession
from engagements.execution.plan_access import get_planned
from engagements.execution.rules.discovery import reasons_against_writing
from engagements.execution.services.assumptions import (
    add_assumption,
    decide_assumption,
    drop_assumption,
    take_over_assumptions,
)
from engagements.execution.tabs import tab_url
from engagements.models import Engagement
from psdelivery import clock
from psdelivery.people.http import SignedInRequest, page_before
from psdelivery.people.views.answers import posted, refused, status_of, write_form
from psdelivery.registry import RuleRefused

FOLDER = "execution/discovery"


def place_of(engagement: Engagement) -> str:
    """Return where the assumptions of an engagement stand."""
    return tab_url(engagement, KIND, "assumptions")


def get_assumption(request: SignedInRequest, pk: int) -> Assumption:
    rows = Assumption.objects.select_related("risk", "decided_by")
    found = get_object_or_404(rows, pk=pk)
    found.engagement = get_engagement(request, found.engagement_id)
    return found


def session_in(
    request: SignedInRequest, engagement: Engagement
) -> DiscoverySession | None:
    """Return the session that the reader came from; nonsense is none."""
    typed = request.POST.get("session") or request.GET.get("session", "")
    if not typed.isdecimal() or len(typed) > 9:
        return None
    return DiscoverySession.objects.filter(engagement=engagement, pk=typed).first()


@require_POST
def assumptions_take(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_planned(request, pk)
    try:
        count = take_over_assumptions(engagement, by=request.user, now=clock.now())
    except RuleRefused as error:
        return refused(request, error.reasons, place_of(engagement))
    words = ngettext(
        "%(n)d assumption is taken over.", "%(n)d assumptions are taken over.", count
    )
    messages.success(request, words % {"n": count})
    return redirect(place_of(engagement))


@require_http_methods(["GET", "POST"])
def assumption_add(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_planned(request, pk)
    against = reasons_against_writing(engagement)
    if against:
        return refused(request, against, place_of(engagement))
    form = AssumptionForm(posted(request))

    def write() -> Assumption:
        text = form.cleaned_data["text"]
        return add_assumption(engagement, text, by=request.user, now=clock.now())

    if write_form(form, write) is not None:
        messages.success(request, _("The assumption is added."))
        return redirect(page_before(request, otherwise=place_of(engagement)))
    context = {
        "form": form,
        "engagement": engagement,
        "back_url": place_of(engagement),
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    page = f"{FOLDER}/assumption_add.html"
    return render(request, page, context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def assumption_decide(request: SignedInRequest, pk: int) -> HttpResponse:
    assumption = get_assumption(request, pk)
    engagement = assumption.engagement
    against = reasons_against_writing(engagement)
    if against:
        return refused(request, against, place_of(engagement))
    session = session_in(request, engagement)
    form = DecisionForm(posted(request), assumption=assumption)

    def write() -> Assumption:
        decision = replace(form.decision, session=session)
        return decide_assumption(assumption, decision, by=request.user, now=clock.now())

    if write_form(form, write) is not None:
        messages.success(request, _("Noted, with what shows it."))
        return redirect(page_before(request, otherwise=place_of(engagement)))
    context = {
        "form": form,
        "assumption": assumption,
        "engagement": engagement,
        "session": session,
        "back_url": place_of(engagement),
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    status = 409 if form.is_bound and form.is_stale else status_of(form)
    page = f"{FOLDER}/assumption_decide.html"
    return render(request, page, context, status=status)


@require_POST
def assumption_drop(request: SignedInRequest, pk: int) -> HttpResponse:
    assumption = get_assumption(request, pk)
    try:
        drop_assumption(assumption, by=request.user, now=clock.now())
    except RuleRefused as error:
        return refused(request, error.reasons, place_of(assumption.engagement))
    messages.success(request, _("The assumption is taken away."))
    return redirect(place_of(assumption.engagement))
