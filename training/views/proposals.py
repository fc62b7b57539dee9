"""Propose dates, look at them, confirm one of the sets, take them back."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from engagements.access import get_engagement
from engagements.models import Engagement
from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.registry import Reason, RuleRefused
from training.access import get_proposal, visible_proposals
from training.forms.proposals import ConfirmForm, WithdrawForm
from training.models import DateProposal
from training.proposal_detail import OptionCard, option_cards, proposal_context
from training.proposal_page import LOOK, ProposalPage
from training.rules.classes import reasons_against_planning
from training.services.confirming import Confirmed, Yes, confirm, wants_evidence
from training.services.proposals import propose, withdraw
from training.views.answers import (
    REFUSED_BY_RULE,
    REFUSED_FORM,
    posted,
    refused,
    status_of,
    write_form,
)
from training.views.entering import choose_course, chosen_course


@require_http_methods(["GET", "POST"])
def proposal_add(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    against = reasons_against_planning(engagement)
    if against:
        return refused(request, against, engagement.get_absolute_url())
    again = made_once_more(request, engagement)
    course = again.course if again else chosen_course(request)
    if course is None:
        template = "training/dates/proposal_course.html"
        return choose_course(request, engagement, template)
    page = ProposalPage(request, engagement, course, again)
    if request.method != "POST":
        return form_page(request, page)
    if not page.is_valid():
        return form_page(request, page, status=REFUSED_FORM)
    if LOOK in request.POST:
        page.show_days()
        return form_page(request, page)
    return written(request, page)


def made_once_more(
    request: SignedInRequest, engagement: Engagement
) -> DateProposal | None:
    """Return the proposal that the form begins with, if the address names one."""
    typed = request.GET.get("again", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        return None
    rows = visible_proposals(request.user).select_related("course")
    return rows.filter(pk=int(typed), engagement=engagement).first()


def form_page(
    request: SignedInRequest,
    page: ProposalPage,
    *,
    reasons: Sequence[Reason] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": page,
        "engagement": page.engagement,
        "course": page.course,
        "reasons": reasons,
    }
    template = "training/dates/proposal_form.html"
    return render(request, template, context, status=status)


def written(request: SignedInRequest, page: ProposalPage) -> HttpResponse:
    try:
        proposal = propose(page.draft, by=request.user, now=clock.now())
    except RuleRefused as refusal:
        reasons = refusal.reasons
        return form_page(request, page, reasons=reasons, status=REFUSED_FORM)
    messages.success(request, _("The dates are proposed, their days are held."))
    for words in page.said:
        messages.warning(request, words)
    return redirect(proposal)


@require_GET
def proposal_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    proposal = get_proposal(request, pk)
    context = proposal_context(request, proposal, now=clock.now())
    return render(request, "training/dates/proposal_detail.html", context)


@require_http_methods(["GET", "POST"])
def proposal_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    proposal = get_proposal(request, pk)
    cards = option_cards(proposal, now=clock.now())
    form = confirm_form(request, proposal, cards)
    reasons: Sequence[Reason] = ()
    if form.is_valid():
        try:
            return confirmed(request, proposal, form)
        except RuleRefused as refusal:
            reasons = refusal.reasons
    context = {
        "proposal": proposal,
        "engagement": proposal.engagement,
        "form": form,
        "cards": cards,
        "reasons": reasons,
    }
    status = REFUSED_BY_RULE if reasons else status_of(form)
    template = "training/dates/proposal_confirm.html"
    return render(request, template, context, status=status)


def confirm_form(
    request: SignedInRequest, proposal: DateProposal, cards: Sequence[OptionCard]
) -> ConfirmForm:
    contact = proposal.engagement.main_contact
    initial = {
        "option": request.GET.get("option", ""),
        "said_by": contact.name if contact else "",
        "said_on": clock.today(proposal.engagement.customer.zone),
    }
    return ConfirmForm(
        posted(request),
        request.FILES or None,
        options=cards,
        required=wants_evidence(proposal),
        initial=initial,
    )


def confirmed(
    request: SignedInRequest, proposal: DateProposal, form: ConfirmForm
) -> HttpResponse:
    """Make the class; raises RuleRefused."""
    given = form.cleaned_data
    yes = Yes(
        said_by=given["said_by"],
        said_on=given["said_on"],
        note=given["note"],
        reason=given["reason"],
        given=given,
    )
    option = given["option"]
    option.proposal = proposal
    done = confirm(option, yes, by=request.user, now=clock.now())
    tell_confirmed(request, done)
    return redirect(done.delivery)


def tell_confirmed(request: SignedInRequest, done: Confirmed) -> None:
    messages.success(
        request, _("The dates are confirmed: here is the class, with its steps.")
    )
    if done.warnings:
        why = " ".join(reason.sentence for reason in done.warnings)
        words = {"trainer": done.delivery.trainer, "why": why}
        sentence = _("%(trainer)s is not booked hard: %(why)s")
        messages.warning(request, sentence % words)


@require_http_methods(["GET", "POST"])
def proposal_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    proposal = get_proposal(request, pk)
    form = WithdrawForm(posted(request))
    gone = write_form(
        form,
        lambda: withdraw(
            proposal,
            by=request.user,
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        ),
    )
    if gone is not None:
        messages.success(request, _("The dates are taken back, their days are free."))
        return redirect(proposal)
    context = {"proposal": proposal, "form": form}
    template = "training/dates/proposal_withdraw.html"
    return render(request, template, context, status=status_of(form))
