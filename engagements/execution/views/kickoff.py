from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from engagements.access import rights_of
from engagements.choices import KINDS_WITH_KICKOFF
from engagements.execution.forms.kickoff import KickoffHeldForm, KickoffLinksForm
from engagements.execution.kickoff import kickoff_of, project_of
from engagements.execution.kickoff_page import kickoff_context
from engagements.execution.models import Kickoff
from engagements.execution.plan_access import get_planned
from engagements.execution.services.kickoff import (
    begin_kickoff,
    hold_kickoff,
    keep_links,
)
from engagements.models import Engagement
from engagements.views.answers import posted_files
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import (
    REFUSED_FORM,
    posted,
    status_of,
    write_form,
)
from psdelivery.registry import RuleRefused


def get_with_kickoff(request: SignedInRequest, pk: int) -> Engagement:
    engagement = get_planned(request, pk)
    if engagement.kind not in KINDS_WITH_KICKOFF:
        raise Http404(_("This kind of engagement begins with its first day."))
    return engagement


def get_kickoff(request: SignedInRequest, pk: int) -> Kickoff:
    kickoff = kickoff_of(get_with_kickoff(request, pk))
    if kickoff is None:
        raise Http404(_("The kickoff has not begun."))
    return kickoff


def form_page(
    request: SignedInRequest, kickoff: Kickoff, form: Any, name: str, **more: Any
) -> HttpResponse:
    context = {"kickoff": kickoff, "engagement": kickoff.engagement, "form": form}
    status = REFUSED_FORM if more.get("reasons") else status_of(form)
    template = f"execution/kickoff/{name}.html"
    return render(request, template, context | more, status=status)


@require_GET
def kickoff_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_with_kickoff(request, pk)
    rights, kickoff = rights_of(request.user, engagement), kickoff_of(engagement)
    may_edit = rights.may(Action.WORK_EDIT)
    context = {
        "engagement": engagement,
        "kickoff": kickoff,
        "may_edit": may_edit,
        "may_invite": rights.may(Action.ENGAGEMENT_EDIT),
    }
    if kickoff is not None:
        context |= kickoff_context(kickoff, may_edit=may_edit)
    return render(request, "execution/kickoff/kickoff_detail.html", context)


@require_POST
def kickoff_begin(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_with_kickoff(request, pk)
    return redirect(begin_kickoff(engagement, by=request.user, now=clock.now()))


@require_http_methods(["GET", "POST"])
def kickoff_links(request: SignedInRequest, pk: int) -> HttpResponse:
    kickoff = get_kickoff(request, pk)
    first = {
        "deck_url": kickoff.deck_url,
        "project_url": project_of(kickoff.engagement),
    }
    form = KickoffLinksForm(posted(request), initial=first)
    saved = write_form(
        form,
        lambda: keep_links(kickoff, form.links, by=request.user, now=clock.now()),
    )
    if saved is None:
        return form_page(request, kickoff, form, "kickoff_links")
    messages.success(request, _("The links are saved."))
    return redirect(saved)


def day_it_was(kickoff: Kickoff) -> date:
    """The day of the invitation where it has come, else today at the customer."""
    today = clock.today(kickoff.engagement.customer.zone)
    call = kickoff.invitation
    if call is None:
        return today
    return min(call.starts_at.astimezone(ZoneInfo(call.zone)).date(), today)


@require_http_methods(["GET", "POST"])
def kickoff_held(request: SignedInRequest, pk: int) -> HttpResponse:
    kickoff = get_kickoff(request, pk)
    first = {"held_on": day_it_was(kickoff), "evidence_link": kickoff.deck_url}
    form = KickoffHeldForm(posted(request), posted_files(request), initial=first)
    if not form.is_valid():
        return form_page(request, kickoff, form, "kickoff_held")
    given = dict(form.cleaned_data)
    try:
        hold_kickoff(
            kickoff, given.pop("held_on"), given, by=request.user, now=clock.now()
        )
    except RuleRefused as error:
        more = {"reasons": error.reasons}
        return form_page(request, kickoff, form, "kickoff_held", **more)
    messages.success(request, _("The kickoff is noted."))
    return redirect(kickoff)
