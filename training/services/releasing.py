"""R-13: mark a submission against the rubric, and release its result with its mail."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from psdelivery.outbox.models import Message
from psdelivery.outbox.services.drafting import send_at_once
from psdelivery.people.models import User
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import complete_step
from psdelivery.registry import refuse
from training.choices import Result, StepKey
from training.models import Criterion, Mark, Submission
from training.rules.certification import reasons_against_release
from training.rules.rubric import (
    Marking,
    Points,
    Total,
    reasons_against_points,
    reasons_of_unmarked,
    reasons_of_unseen_marks,
    reasons_without_rubric,
    result_of,
    total_of,
)
from training.services.submissions import (
    MARK_SETTING,
    lock_submission,
    record_submission,
    reviewer_away,
)

RELEASED_FIELDS = ["result", "score", "badge_url", "reviewer", "released_at"]
RESULT_MAILS = {
    Result.PASSED: "certification-passed",
    Result.NOT_PASSED: "certification-not-passed",
}


def rubric_of(submission: Submission) -> list[Criterion]:
    """Return the lines that the submission is marked against, in their order."""
    lines = Criterion.objects.filter(course=submission.delivery.course_id)
    return list(lines.filter(is_active=True))


def points_of(submission: Submission, lines: Sequence[Criterion]) -> dict[int, Points]:
    """Return the points that still count, by line.

    A line that gives another number of points since then is to be marked anew.
    """
    most = {line.pk: line.points for line in lines}
    return {
        mark.criterion_id: Points(mark.points, mark.note)
        for mark in submission.marks.order_by("pk")
        if most.get(mark.criterion_id) == mark.most
    }


@transaction.atomic
def save_marks(
    submission: Submission, marking: Marking, *, by: User, now: datetime
) -> Total:
    """R-13: keep the points given so far; nothing is released.

    Raises RuleRefused once the result is released, without a rubric, for points that
    a line does not give, and where somebody else gave others meanwhile.
    """
    submission = lock_submission(submission)
    return _write_marks(submission, marking, by=by, now=now)


def _write_marks(
    submission: Submission, marking: Marking, *, by: User, now: datetime
) -> Total:
    refuse(reasons_against_release(submission))
    lines = rubric_of(submission)
    refuse(reasons_without_rubric(submission.delivery.course, lines))
    refuse(reasons_against_points(lines, marking.points))
    stored = points_of(submission, lines)
    refuse(reasons_of_unseen_marks(marking.seen, stored, marking.points))
    given = stored | dict(marking.points)
    before, after = total_of(lines, stored), total_of(lines, given)
    if given != stored:
        _store(submission, lines, marking.points)
        changes = {"points": [before.points, after.points]}
        record_submission("submission-marked", submission, changes, by=by, now=now)
    return after


def _store(
    submission: Submission, lines: Sequence[Criterion], given: Mapping[int, Points]
) -> None:
    Mark.objects.filter(submission=submission, criterion__in=given).delete()
    Mark.objects.bulk_create(
        Mark(
            submission=submission,
            criterion=line,
            points=given[line.pk].points,
            most=line.points,
            note=given[line.pk].note,
        )
        for line in lines
        if line.pk in given
    )


@transaction.atomic
def release_result(
    submission: Submission, marking: Marking, *, by: User, now: datetime
) -> Submission:
    """R-13: release the result that the marks give: once, with its mail.

    One transaction: the marks, the result, the tick of the review and the mail to the
    attendee, which this click authorises. Raises RuleRefused when a result was
    released before, when a line is not marked, and when the mail cannot leave (R-15).
    """
    submission = lock_submission(submission)
    total = _write_marks(submission, marking, by=by, now=now)
    lines = rubric_of(submission)
    refuse(reasons_of_unmarked(lines, points_of(submission, lines)))
    old = submission.get_result_display()
    result = result_of(total, pass_mark=portal_settings()[MARK_SETTING])
    submission.result, submission.score = result, total.score
    submission.badge_url = marking.badge_url or submission.badge_url
    # Where nobody was named, it is whoever has marked it.
    submission.reviewer = submission.reviewer or by
    submission.released_at = now
    submission.save(update_fields=RELEASED_FIELDS)
    record_submission(
        "result-released",
        submission,
        {"result": [old, submission.get_result_display()]},
        by=by,
        on_behalf_of=reviewer_away(submission, by, now),
        reason=marking.note,
        now=now,
    )
    complete_review(submission, marking.note, by=by, now=now)
    mail_result(submission, by=by, now=now)
    return submission


def mail_result(submission: Submission, *, by: User, now: datetime) -> Message:
    """R-13: queue the one mail that tells the attendee the result.

    Raises RuleRefused where something that it must say is missing (R-15).
    """
    kind = RESULT_MAILS[Result(submission.result)]
    return send_at_once(kind, submission, key=key_of_mail(submission), by=by, now=now)


def key_of_mail(submission: Submission) -> str:
    """Return what makes a second mail about the same result the same mail."""
    return f"certification-result:{submission.pk}"


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
