from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import REFUSED_FORM
from psdelivery.registry import RuleRefused
from training.access import get_delivery, get_submission, visible_submissions
from training.certification_page import certification_page
from training.choices import DeliveryState
from training.forms.submissions import (
    CorrectionForm,
    HandOutForm,
    SubmissionForm,
    WithdrawForm,
)
from training.models import Submission
from training.rules.certification import reasons_against_release
from training.rules.classes import reasons_against_changing
from training.services.submissions import (
    assign_by_load,
    assign_many,
    assign_reviewer,
    correct_submission,
    enter_submission,
    restore_submission,
    withdraw_submission,
)
from training.submission_page import reviewer_form_of
from training.submission_queue import queue_page, queue_url
from training.views.answers import (
    posted,
    refused,
    status_of,
    write_form,
)
from training.views.releasing import page


@require_GET
def submission_list(request: SignedInRequest) -> HttpResponse:
    context = queue_page(request, now=clock.now())
    status = status_of(context["form"])
    return render(
        request, "training/certification/submission_list.html", context, status=status
    )


@require_GET
def delivery_certification(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    context = certification_page(request, delivery, now=clock.now())
    name = "training/certification/delivery_certification.html"
    return render(request, name, context)


@require_http_methods(["GET", "POST"])
def submission_add(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    if delivery.state == DeliveryState.CANCELLED:
        against = reasons_against_changing(delivery)
        return refused(request, against, delivery.get_absolute_url())
    zone = delivery.checklist.zone if delivery.checklist else request.user.zone
    now = clock.now()
    form = SubmissionForm(
        posted(request), delivery=delivery, now=now, initial={"zone": zone}
    )
    entered = write_form(
        form, lambda: enter_submission(form.instance, by=request.user, now=now)
    )
    if entered is None:
        context = {"delivery": delivery, "form": form}
        status = status_of(form)
        return render(
            request,
            "training/certification/submission_form.html",
            context,
            status=status,
        )
    messages.success(request, _("The submission is entered; the review is due."))
    return redirect(entered)


@require_http_methods(["GET", "POST"])
def submission_correct(request: SignedInRequest, pk: int) -> HttpResponse:
    submission = get_submission(request, pk)
    form = CorrectionForm(posted(request), instance=get_submission(request, pk))
    corrected = write_form(
        form,
        lambda: correct_submission(
            submission, form.changed_values, by=request.user, now=clock.now()
        ),
    )
    if corrected is None:
        context = {"submission": submission, "form": form}
        status = status_of(form)
        name = "training/certification/submission_correct.html"
        return render(request, name, context, status=status)
    messages.success(request, _("The submission is corrected."))
    return redirect(corrected)


@require_POST
def submission_reviewer(request: SignedInRequest, pk: int) -> HttpResponse:
    submission = get_submission(request, pk)
    against = reasons_against_release(submission)
    if against:
        return refused(request, against, submission.get_absolute_url())
    now = clock.now()
    form = reviewer_form_of(submission, now, request.POST)
    if not form.is_valid():
        return page(request, submission, status=REFUSED_FORM, reviewer_form=form)
    given: dict[str, Any] = {
        "by": request.user,
        "reason": form.cleaned_data["reason"],
        "now": now,
    }
    try:
        if form.chosen is None:
            assigned = next(iter(assign_by_load([submission], **given)), submission)
        else:
            assigned = assign_reviewer(submission, form.chosen, **given)
    except RuleRefused as refusal:
        return refused(request, refusal.reasons, submission.get_absolute_url())
    messages.success(request, whose(assigned))
    return redirect(submission)


def whose(assigned: Submission) -> str:
    """Say who reviews from now on."""
    if assigned.reviewer is None:
        return _("Nobody is certified and here: coordination has the review.")
    return _("The review went to %s.") % assigned.reviewer


@require_http_methods(["GET", "POST"])
def submission_assign(request: SignedInRequest) -> HttpResponse:
    """Give several reviews to one person, or out anew by load."""
    if request.method == "GET":
        return redirect(queue_url(request))
    now = clock.now()
    within = visible_submissions(request.user, Action.CERTIFICATION_ASSIGN)
    form = HandOutForm(request.POST, within=within, now=now)
    given = write_form(
        form,
        lambda: assign_many(
            form.cleaned_data["submissions"],
            form.cleaned_data["reviewer"],
            by=request.user,
            reason=form.cleaned_data["reason"],
            now=now,
        ),
    )
    if given is None:
        context = queue_page(request, now=now, hand_out_form=form)
        name = "training/certification/submission_list.html"
        return render(request, name, context, status=REFUSED_FORM)
    words = ngettext(
        "%(n)d review went to somebody else.",
        "%(n)d reviews went to somebody else.",
        given,
    )
    messages.success(request, words % {"n": given})
    return redirect(queue_url(request))


@require_POST
def submission_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    submission = get_submission(request, pk)
    against = reasons_against_release(submission)
    if against:
        return refused(request, against, submission.get_absolute_url())
    form = WithdrawForm(request.POST)
    withdrawn = write_form(
        form,
        lambda: withdraw_submission(
            submission,
            by=request.user,
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        ),
    )
    if withdrawn is None:
        return page(request, submission, status=REFUSED_FORM, withdraw_form=form)
    messages.success(request, _("The submission is withdrawn; nothing is due for it."))
    return redirect(submission)


@require_POST
def submission_restore(request: SignedInRequest, pk: int) -> HttpResponse:
    submission = get_submission(request, pk)
    try:
        restore_submission(submission, by=request.user, now=clock.now())
    except RuleRefused as refusal:
        return refused(request, refusal.reasons, submission.get_absolute_url())
    messages.success(request, _("The submission waits for its review again."))
    return redirect(submission)
