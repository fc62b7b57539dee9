from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of
from psdelivery.people.register import portal_settings
from psdelivery.registry import RuleRefused
from training.access import (
    get_delivery,
    get_submission,
    may_with_submission,
    visible_submissions,
)
from training.choices import DeliveryState, Result, StepKey
from training.forms.filters import MINE, SubmissionFilterForm
from training.forms.submissions import ReleaseForm, ReviewerForm, SubmissionForm
from training.models import Submission
from training.queries import waiting_submissions, with_review
from training.rules.certification import reasons_against_release
from training.rules.classes import reasons_against_changing
from training.services.submissions import (
    MARK_SETTING,
    assign_reviewer,
    enter_submission,
    release_result,
)
from training.views.answers import (
    posted,
    refused,
    status_of,
    write_form,
)

PAGE_SIZE = 25


@require_GET
def submission_list(request: SignedInRequest) -> HttpResponse:
    within = visible_submissions(request.user, Action.WORK_SEE)
    form = SubmissionFilterForm(request.GET)
    found = Submission.objects.none()
    if form.is_valid():
        found = within
        if form.cleaned_data["reviewer"] == MINE:
            found = found.filter(reviewer=request.user)
        if form.cleaned_data["state"]:
            released = found.exclude(result=Result.WAITING)
            found = with_review(released).order_by("-released_at", "pk")
        else:
            found = waiting_submissions(found)
    context = {"form": form, "page": page_of(found, request, size=PAGE_SIZE)}
    status = status_of(form)
    return render(request, "training/submission_list.html", context, status=status)


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
        return render(request, "training/submission_form.html", context, status=status)
    messages.success(request, _("The submission is entered; the review is due."))
    return redirect(entered)


def submission_page(
    request: SignedInRequest,
    submission: Submission,
    *,
    release_form: ReleaseForm | None = None,
    reviewer_form: ReviewerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    pass_mark = portal_settings()[MARK_SETTING]
    waits = not reasons_against_release(submission)
    review = Action.CERTIFICATION_REVIEW
    assign = Action.CERTIFICATION_ASSIGN
    context: dict[str, Any] = {
        "submission": submission,
        "delivery": submission.delivery,
        "review": review_step(submission),
        "pass_mark": pass_mark,
        "may_release": waits and may_with_submission(request.user, submission, review),
        "may_assign": waits and may_with_submission(request.user, submission, assign),
        "release_form": release_form or ReleaseForm(pass_mark=pass_mark),
        "reviewer_form": reviewer_form or ReviewerForm(present=submission.reviewer),
    }
    return render(request, "training/submission_detail.html", context, status=status)


def review_step(submission: Submission) -> Any:
    if submission.checklist is None:
        return None
    steps = submission.checklist.steps.filter(key=StepKey.CERTIFICATION_REVIEW)
    return steps.select_related("assignee", "pool").first()


@require_GET
def submission_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return submission_page(request, get_submission(request, pk))


@require_POST
def submission_release(request: SignedInRequest, pk: int) -> HttpResponse:
    submission = get_submission(request, pk)
    against = reasons_against_release(submission)
    if against:
        return refused(request, against, submission.get_absolute_url())
    form = ReleaseForm(request.POST, pass_mark=portal_settings()[MARK_SETTING])
    try:
        released = form.is_valid() and release_result(
            submission, form.verdict, by=request.user, now=clock.now()
        )
    except RuleRefused as refusal:
        if any(reason.code == "released" for reason in refusal.reasons):
            return refused(request, refusal.reasons, submission.get_absolute_url())
        for reason in refusal.reasons:
            form.add_error(None, reason.sentence)
        released = False
    if not released:
        return submission_page(request, submission, release_form=form, status=422)
    messages.success(request, _("The result is released, and the review is ticked."))
    return redirect(submission)


@require_POST
def submission_reviewer(request: SignedInRequest, pk: int) -> HttpResponse:
    submission = get_submission(request, pk)
    against = reasons_against_release(submission)
    if against:
        return refused(request, against, submission.get_absolute_url())
    form = ReviewerForm(request.POST, present=submission.reviewer)
    assigned = write_form(
        form,
        lambda: assign_reviewer(
            submission,
            form.cleaned_data["reviewer"],
            by=request.user,
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        ),
    )
    if assigned is None:
        return submission_page(request, submission, reviewer_form=form, status=422)
    messages.success(request, _("The review went to %s.") % assigned.reviewer)
    return redirect(submission)
