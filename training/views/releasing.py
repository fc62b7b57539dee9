"""Open a submission, mark it, release its result, and go on to the next one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.registry import RuleRefused
from training.access import get_submission, next_review
from training.forms.marking import MarkingForm
from training.models import Submission
from training.rules.certification import reasons_against_release
from training.services.releasing import (
    points_of,
    release_result,
    rubric_of,
    save_marks,
)
from training.submission_page import submission_page
from training.views.answers import refused

# Somebody else was faster: there is nothing to be typed any more.
SETTLED = frozenset({"released", "withdrawn"})
PAGE = "training/certification/submission_detail.html"


def marking_form(request: SignedInRequest, submission: Submission) -> MarkingForm:
    """Return the form of the marks as it was sent."""
    lines = rubric_of(submission)
    return MarkingForm(
        request.POST,
        lines=lines,
        stored=points_of(submission, lines),
        badge_url=submission.badge_url,
    )


def page(
    request: SignedInRequest, submission: Submission, *, status: int = 200, **forms: Any
) -> HttpResponse:
    context = submission_page(request, submission, now=clock.now(), **forms)
    return render(request, PAGE, context, status=status)


@require_GET
def submission_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return page(request, get_submission(request, pk))


@require_POST
def submission_release(request: SignedInRequest, pk: int) -> HttpResponse:
    """Release the result; with the button "save" the marks alone are kept."""
    submission = get_submission(request, pk)
    against = reasons_against_release(submission)
    if against:
        return refused(request, against, submission.get_absolute_url())
    form = marking_form(request, submission)
    is_saved_only = "save" in request.POST
    if form.is_valid() and not is_saved_only:
        form.require_all()
    try:
        if not form.is_valid():
            return again(request, submission, form)
        if is_saved_only:
            return keep_marks(request, submission, form)
        return go_on(
            request,
            release_result(submission, form.marking, by=request.user, now=clock.now()),
        )
    except RuleRefused as refusal:
        return not_released(request, submission, form, refusal)


def keep_marks(
    request: SignedInRequest, submission: Submission, form: MarkingForm
) -> HttpResponse:
    """Save the points given so far."""
    total = save_marks(submission, form.marking, by=request.user, now=clock.now())
    words = _("The marks are saved: %(points)s of %(most)s points so far.")
    told = {"points": total.points, "most": total.most}
    messages.success(request, words % told)
    return redirect(submission)


def not_released(
    request: SignedInRequest,
    submission: Submission,
    form: MarkingForm,
    refusal: RuleRefused,
) -> HttpResponse:
    """Say why nothing was released: somebody did it before, or what lacks."""
    if any(reason.code in SETTLED for reason in refusal.reasons):
        return refused(request, refusal.reasons, submission.get_absolute_url())
    for reason in refusal.reasons:
        form.add_error(None, reason.sentence)
    return again(request, submission, form)


def again(
    request: SignedInRequest, submission: Submission, form: MarkingForm
) -> HttpResponse:
    """Show the form with what is wrong; another's marks are seen by then."""
    form.show_as_seen()
    return page(request, submission, status=422, marking_form=form)


def go_on(request: SignedInRequest, released: Submission) -> HttpResponse:
    """Say what was released, and bring up the next review."""
    words = _("Released: %(result)s with %(score)s %%. The mail leaves.")
    told = {"result": released.get_result_display(), "score": released.score}
    following = next_review(request.user, clock.now())
    if following is None:
        done = _("Nothing else waits for your review.")
        messages.success(request, f"{words % told} {done}")
        return redirect("training:submission-list")
    after = _("Next: %(name)s.") % {"name": following.attendee_name}
    messages.success(request, f"{words % told} {after}")
    return redirect(following)
