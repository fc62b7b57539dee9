"""What the page of a submission shows: its rubric, its marks, and what may be done."""

from datetime import datetime
from typing import Any

from psdelivery.access import Action
from psdelivery.outbox.access import kinds_to_write, visible_messages
from psdelivery.outbox.letters import letter_for
from psdelivery.outbox.services.addresses import reasons_of_bad_addresses
from psdelivery.outbox.templates import mail_kind
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason, RuleRefused
from training.access import may_with_submission
from training.certification_queries import attempts_of
from training.choices import Result, StepKey
from training.forms.marking import MarkingForm
from training.forms.submissions import ReviewerForm, WithdrawForm
from training.mail_facts import submission_rows
from training.mails import SUBMISSION
from training.models import Submission
from training.reviewers import Bench, forecasts_for
from training.rules.certification import reasons_against_release
from training.rules.rubric import reasons_without_rubric, total_of
from training.services.releasing import (
    RESULT_MAILS,
    key_of_mail,
    points_of,
    rubric_of,
)
from training.services.submissions import MARK_SETTING, lab_end_of, until_of


def submission_page(
    request: SignedInRequest,
    submission: Submission,
    *,
    marking_form: MarkingForm | None = None,
    reviewer_form: ReviewerForm | None = None,
    withdraw_form: WithdrawForm | None = None,
    now: datetime,
) -> dict[str, Any]:
    """Return what the page shows, with the forms as they were sent where they were."""
    rights = rights_on(request.user, submission)
    context = {
        "submission": submission,
        "delivery": submission.delivery,
        "review": review_step(submission),
        "pass_mark": portal_settings()[MARK_SETTING],
        "attempts": attempts_of(submission),
        "lab_dies_at": lab_end_of(submission.delivery),
        "now": now,
        **rights,
    }
    if rights["waits"]:
        context["forecast"] = forecast_of(submission, now)
    if rights["may_release"]:
        context |= marking_of(submission, request.user, marking_form)
    if rights["may_assign"]:
        context["reviewer_form"] = reviewer_form or reviewer_form_of(submission, now)
        context["withdraw_form"] = withdraw_form or WithdrawForm()
    if submission.released_at is not None:
        context |= released_of(request.user, submission)
    return context


def rights_on(user: User, submission: Submission) -> dict[str, bool]:
    """Return what the person may do: by role, and by the state of the submission."""
    waits = not reasons_against_release(submission)

    def may(action: Action) -> bool:
        return may_with_submission(user, submission, action)

    may_assign = may(Action.CERTIFICATION_ASSIGN)
    return {
        "waits": waits,
        "may_release": waits and may(Action.CERTIFICATION_REVIEW),
        "may_assign": waits and may_assign,
        "may_restore": submission.result == Result.WITHDRAWN and may_assign,
        "may_correct": may(Action.WORK_EDIT),
    }


def review_step(submission: Submission) -> Step | None:
    """Return the step of the review, with its owner."""
    if submission.checklist is None:
        return None
    steps = submission.checklist.steps.filter(key=StepKey.CERTIFICATION_REVIEW)
    return steps.select_related("assignee", "pool").first()


def forecast_of(submission: Submission, now: datetime) -> str:
    """R-13: say why the review will not be in time; empty where it will."""
    if submission.reviewer is None:
        return ""
    found = forecasts_for([submission.reviewer], now).get(submission.pk)
    return found.words if found else ""


def marking_of(
    submission: Submission, user: User, form: MarkingForm | None
) -> dict[str, Any]:
    """Return the rubric to be marked, what it adds up to, and what is in the way."""
    lines = rubric_of(submission)
    stored = points_of(submission, lines)
    given = MarkingForm(lines=lines, stored=stored, badge_url=submission.badge_url)
    course = submission.delivery.course
    return {
        "marking_form": form or given,
        "total": total_of(lines, stored),
        "badge_of_course": course.badge_url,
        "rubric_reasons": reasons_without_rubric(course, lines),
        "mail_reasons": reasons_against_mail(submission, user),
    }


def reasons_against_mail(submission: Submission, user: User) -> list[Reason]:
    """R-15: return what the mail with the result lacks, before this person clicks."""
    record = submission_rows().get(pk=submission.pk)
    record.reviewer = record.reviewer or user
    found: dict[str, Reason] = {}
    try:
        for key in RESULT_MAILS.values():
            kind = mail_kind(key)
            letter = letter_for(kind, record) if kind else None
            found |= {one.code: one for one in (letter.missing if letter else [])}
    except RuleRefused as refused:
        return refused.reasons
    return [*found.values(), *reasons_of_bad_addresses([submission.attendee_email])]


def reviewer_form_of(
    submission: Submission, now: datetime, data: Any = None
) -> ReviewerForm:
    """Return the form that gives the review to somebody else."""
    until = until_of(submission, now)
    bench = Bench([submission.delivery], until, now)
    return ReviewerForm(data, submission=submission, bench=bench, until=until)


def released_of(user: User, submission: Submission) -> dict[str, Any]:
    """Return the marks of a released result, and what became of its mail."""
    mail = visible_messages(user, Action.OUTBOX_READ).filter(
        idempotency_key=key_of_mail(submission)
    )
    return {
        "marks": list(submission.marks.select_related("criterion")),
        "mail": mail.first(),
        "mail_kinds": kinds_to_write(user, SUBMISSION, submission),
    }
