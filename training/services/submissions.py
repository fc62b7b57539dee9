"""Certification submissions and the release of their results (R-13)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from psdelivery.history.services import Changes, record
from psdelivery.people.models import User
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import complete_step
from psdelivery.registry import Reason, RuleRefused, refuse
from training.choices import StepKey
from training.models import Submission
from training.rules.certification import (
    Verdict,
    reasons_against_entering,
    reasons_against_release,
    reasons_against_verdict,
)
from training.services.checklists import follow_reviewer, start_submission_checklist

MARK_SETTING = "certification.pass_mark"


def enter_submission(
    submission: Submission, *, by: User | None, now: datetime
) -> Submission:
    """R-13: enter a submission; its review is due 168 hours after it was handed in.

    The reviewer is the class's trainer unless somebody else is named. Raises
    RuleRefused for a moment that cannot be, a class without certification, and one
    that is entered already.
    """
    refuse(reasons_against_entering(submission, now=now))
    submission.attendee_email = submission.attendee_email.lower()
    submission.reviewer = submission.reviewer or submission.delivery.trainer
    try:
        with transaction.atomic():
            submission.save()
            checklist = start_submission_checklist(submission, by=by, now=now)
            submission.checklist = checklist
            submission.save(update_fields=["checklist"])
            changes = {"submitted": [None, submission.submitted_at]}
            record_submission("submission-entered", submission, changes, by=by, now=now)
    except IntegrityError as error:
        sentence = _("This submission is already entered.")
        raise RuleRefused([Reason("double", sentence)]) from error
    return submission


def record_submission(
    verb: str,
    submission: Submission,
    changes: Changes,
    *,
    by: User | None,
    reason: str = "",
    now: datetime,
) -> None:
    """Write what happened to a submission into the engagement's history."""
    record(
        verb,
        by=by,
        subject=submission,
        engagement=submission.delivery.engagement,
        changes=changes,
        reason=reason,
        now=now,
    )


def lock_submission(submission: Submission) -> Submission:
    """Read the submission anew and keep others from deciding it meanwhile."""
    rows = Submission.objects.select_for_update(of=("self",))
    return rows.select_related(
        "delivery__engagement__customer", "delivery__trainer", "reviewer", "checklist"
    ).get(pk=submission.pk)


@transaction.atomic
def assign_reviewer(
    submission: Submission,
    reviewer: User,
    *,
    by: User | None,
    reason: str = "",
    now: datetime,
) -> Submission:
    """R-13: give the review to somebody else; the due date stays.

    Raises RuleRefused once the result is released.
    """
    submission = lock_submission(submission)
    refuse(reasons_against_release(submission))
    old, submission.reviewer = submission.reviewer, reviewer
    submission.save(update_fields=["reviewer"])
    follow_reviewer(submission, by=by, now=now)
    changes = {"reviewer": [old, reviewer]}
    record_submission(
        "reviewer-changed", submission, changes, by=by, reason=reason, now=now
    )
    return submission


@transaction.atomic
def release_result(
    submission: Submission, verdict: Verdict, *, by: User, now: datetime
) -> Submission:
    """R-13: record the result, once; the review step is ticked with it.

    Raises RuleRefused when a result was released before, or when it does not go with
    the mark.
    """
    submission = lock_submission(submission)
    refuse(reasons_against_release(submission))
    pass_mark = portal_settings()[MARK_SETTING]
    refuse(reasons_against_verdict(verdict, pass_mark=pass_mark))
    old = submission.get_result_display()
    submission.result, submission.score = verdict.result, verdict.score
    submission.released_at = now
    submission.save(update_fields=["result", "score", "released_at"])
    changes = {"result": [old, submission.get_result_display()]}
    record_submission(
        "result-released", submission, changes, by=by, reason=verdict.note, now=now
    )
    complete_review(submission, verdict.note, by=by, now=now)
    return submission


def complete_review(
    submission: Submission, note: str, *, by: User, now: datetime
) -> None:
    """Tick the review step; where nobody wrote a note, the result is the note."""
    steps = Step.objects.open().filter(
        checklist=submission.checklist_id, key=StepKey.CERTIFICATION_REVIEW
    )
    words = note or submission.get_result_display()
    for review in steps:
        complete_step(review, Completion(note=words), by=by, now=now)
