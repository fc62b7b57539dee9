from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagements.access import get_engagement, get_member
from engagements.forms.people import HandoverForm, MemberForm, RemovalForm
from engagements.models import Engagement, TeamMember
from engagements.rules.handover import handover_tasks
from engagements.services.handover import goes_along, hand_over
from engagements.services.team import add_member, change_member, remove_member
from engagements.views.answers import posted, status_of, written
from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.registry import RuleRefused


def team_url(engagement: Engagement) -> str:
    return f"{engagement.get_absolute_url()}team/"


def member_page(
    request: SignedInRequest,
    engagement: Engagement,
    form: MemberForm,
    **options: object,
) -> HttpResponse:
    context = {"engagement": engagement, "form": form, **options}
    status = 422 if options.get("reasons") else status_of(form)
    return render(request, "engagements/member_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def member_add(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    form = MemberForm(engagement, posted(request), initial=request.GET.dict())
    if not form.is_bound or not form.is_valid():
        return member_page(request, engagement, form)
    try:
        member = add_member(form.instance, by=request.user, now=clock.now())
    except RuleRefused as refused:
        return member_page(request, engagement, form, reasons=refused.reasons)
    messages.success(request, _("On the team: %(member)s.") % {"member": member})
    return redirect(team_url(engagement))


@require_http_methods(["GET", "POST"])
def member_edit(request: SignedInRequest, pk: int, member: int) -> HttpResponse:
    found = get_member(request, pk, member)
    form = MemberForm(found.engagement, posted(request), instance=found)
    options = {"member": stored(found), "removal_form": RemovalForm()}
    if not form.is_bound or not form.is_valid():
        return member_page(request, found.engagement, form, **options)
    try:
        change_member(form.instance, by=request.user, now=clock.now())
    except RuleRefused as refused:
        options["reasons"] = refused.reasons
        return member_page(request, found.engagement, form, **options)
    messages.success(request, _("Changed: %(member)s.") % {"member": found})
    return redirect(team_url(found.engagement))


def stored(member: TeamMember) -> str:
    # Before the form writes on it: the heading names who it is now.
    return str(member)


@require_POST
def member_remove(request: SignedInRequest, pk: int, member: int) -> HttpResponse:
    found = get_member(request, pk, member)
    form = RemovalForm(request.POST)
    if not form.is_valid():
        edit_form = MemberForm(found.engagement, instance=found)
        options = {"member": str(found), "removal_form": form}
        context = {"engagement": found.engagement, "form": edit_form, **options}
        return render(request, "engagements/member_form.html", context, status=422)
    words = _("No longer on the team: %(member)s.") % {"member": found}
    remove_member(
        found, by=request.user, reason=form.cleaned_data["reason"], now=clock.now()
    )
    messages.success(request, words)
    return redirect(team_url(found.engagement))


@require_http_methods(["GET", "POST"])
def member_handover(request: SignedInRequest, pk: int, member: int) -> HttpResponse:
    found = get_member(request, pk, member)
    form, words, now = HandoverForm(posted(request)), str(found), clock.now()
    along = goes_along(found, now)
    handed = None
    if form.is_bound and form.is_valid():
        to, reason = form.cleaned_data["person"], form.cleaned_data["reason"]
        handed = written(
            form, lambda: hand_over(found, to, reason=reason, by=request.user, now=now)
        )
    if handed is not None:
        messages.success(request, _("Handed over: %(member)s.") % {"member": handed})
        return redirect(team_url(found.engagement))
    context = {
        "engagement": found.engagement,
        "member": words,
        "form": form,
        "along": along,
        "tasks": handover_tasks(),
    }
    status = status_of(form)
    return render(request, "engagements/member_handover.html", context, status=status)
