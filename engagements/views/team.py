from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagements.access import get_engagement, get_member, rights_of
from engagements.forms.people import HandoverForm, MemberForm, RemovalForm
from engagements.models import Engagement, TeamMember
from engagements.rules.handover import handover_tasks
from engagements.services.handover import goes_along, hand_over
from engagements.services.team import (
    add_member,
    bookings_of,
    change_member,
    remove_member,
)
from engagements.views.answers import posted, status_of, written
from psdelivery import clock
from psdelivery.access import Action
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
    context = {
        "engagement": engagement,
        "form": form,
        **booking_rights(request, engagement),
        **options,
    }
    status = 422 if options.get("reasons") else status_of(form)
    return render(request, "engagements/member_form.html", context, status=status)


def booking_rights(
    request: SignedInRequest, engagement: Engagement
) -> dict[str, object]:
    """Whether the reader may book people on it, or ask for them."""
    rights = rights_of(request.user, engagement)
    return {
        "may_book": rights.may(Action.BOOK),
        "may_ask": rights.may(Action.RESOURCE_REQUEST),
    }


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
    options = removal_options(request, found)
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


def removal_options(
    request: SignedInRequest, member: TeamMember, data: QueryDict | None = None
) -> dict[str, Any]:
    """What the page needs to take somebody off the team, with their bookings."""
    booked = bookings_of(member, clock.now())
    may_book = rights_of(request.user, member.engagement).may(Action.BOOK)
    form = RemovalForm(booked if may_book else [], data)
    return {
        "member": stored(member),
        "booked": booked,
        "may_book": may_book,
        "removal_form": form,
    }


@require_POST
def member_remove(request: SignedInRequest, pk: int, member: int) -> HttpResponse:
    found = get_member(request, pk, member)
    options = removal_options(request, found, request.POST)
    form, words = options["removal_form"], _("No longer on the team: %(member)s.")
    removed = form.is_valid() and written(
        form,
        lambda: remove_member(
            found,
            releases=options["may_book"],
            by=request.user,
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        ),
    )
    if not removed:
        edit_form = MemberForm(found.engagement, instance=found)
        context = {
            "engagement": found.engagement,
            "form": edit_form,
            **booking_rights(request, found.engagement),
            **options,
        }
        return render(request, "engagements/member_form.html", context, status=422)
    messages.success(request, words % {"member": options["member"]})
    return redirect(team_url(found.engagement))


@require_http_methods(["GET", "POST"])
def member_handover(request: SignedInRequest, pk: int, member: int) -> HttpResponse:
    found = get_member(request, pk, member)
    words, now = str(found), clock.now()
    along = goes_along(found, now)
    may_book = rights_of(request.user, found.engagement).may(Action.BOOK)
    form = HandoverForm(along.bookings, posted(request), may_book=may_book)
    handed = handed_over(request, found, form, now) if posted(request) else None
    if handed is not None:
        messages.success(request, _("Handed over: %(member)s.") % {"member": handed})
        return redirect(team_url(found.engagement))
    context = {
        "engagement": found.engagement,
        "member": words,
        "form": form,
        "along": along,
        "may_book": may_book,
        "tasks": handover_tasks(),
    }
    status = status_of(form)
    return render(request, "engagements/member_handover.html", context, status=status)


def handed_over(
    request: SignedInRequest, member: TeamMember, form: HandoverForm, now: datetime
) -> TeamMember | None:
    """Hand the role over as the form says; None where form or rules refuse it."""
    if not form.is_valid():
        return None
    given = form.cleaned_data
    return written(
        form,
        lambda: hand_over(
            member,
            given["person"],
            rebooking=form.rebooking,
            reason=given["reason"],
            by=request.user,
            now=now,
        ),
    )
