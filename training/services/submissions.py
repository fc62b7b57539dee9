"""R-13: submissions are entered, given to a reviewer, corrected, withdrawn."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from psdelivery.history.services import Changes, record
from psdelivery.people.away import deputised_by
from psdelivery.people.events import Withheld
from psdelivery.people.models import User
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Checklist, Step, StepQuerySet
from psdelivery.playbooks.services.steps import reopen_step, set_aside_step
from psdelivery.registry import Reason, RuleRefused, refuse
from training.certification_queries import (
    attempts_of,
    earlier_attempt,
    lab_end,
    waiting_submissions,
)
from training.choices import Result, StepKey
from training.models import Attendee, Delivery, Submission
from training.reviewers import REVIEW_TIME, Bench
from training.rules.certification import (
    reasons_against_another_attempt,
    reasons_against_entering,
    reasons_against_release,
    reasons_against_restoring,
    reasons_without_words,
)
from training.services.checklists import (
    follow_reviewer,
    start_submission_checklist,
    submission_title,
)

MARK_SETTING = "certification.pass_mark"
# What says who it is, or leads to what they wrote: never in the history.
PERSONAL = frozenset({"attendee_name", "attendee_email", "response_url"})


def enter_submission(
    submission: Submission,
    *,
    bench: Bench | None = None,
    by: User | None,
    now: datetime,
) -> Submission:
    """R-13: enter a submission; its review is due 168 hours after it was handed in.

    Without a named reviewer one is chosen (`rules.reviewers`), from `bench` where
    many are entered at once. An attempt before it is linked, and so is the attendee of
    the roster. Raises RuleRefused for a moment that cannot be, a class without
    certification, somebody who has passed, and one that is entered already.
    """
    refuse(reasons_against_entering(submission, now=now))
    submission.attendee_email = submission.attendee_email.lower()
    submission.attendee = attendee_of(submission.delivery, submission.attendee_email)
    refuse(reasons_against_another_attempt(submission, attempts_of(submission)))
    submission.resubmits = earlier_attempt(submission)
    why = name_reviewer(submission, bench, now)
    try:
        with transaction.atomic():
            _write_new(submission, why, by=by, now=now)
    except IntegrityError as error:
        sentence = _("This submission is already entered.")
        raise RuleRefused([Reason("double", sentence)]) from error
    return submission


def name_reviewer(submission: Submission, bench: Bench | None, now: datetime) -> str:
    """Put a reviewer on a new submission (not saved); return why it is this one."""
    until = until_of(submission, now)
    if submission.reviewer is not None:
        if bench is not None:
            bench.give(submission.reviewer_id, until)
        return ""
    bench = bench or Bench([submission.delivery], until, now)
    choice = bench.choose(submission.delivery, until)
    submission.reviewer_id = choice.person_id
    return choice.why


def until_of(submission: Submission, now: datetime) -> datetime:
    """R-13: return what comes first for a submission: 168 hours, or the lab's end."""
    due = submission.submitted_at + REVIEW_TIME
    dies = lab_end_of(submission.delivery)
    return min(due, dies) if dies is not None and dies > now else due


def lab_end_of(delivery: Delivery) -> datetime | None:
    """R-12: return until when the labs of a class live; None where nothing says so."""
    rows = Delivery.objects.filter(pk=delivery.pk).annotate(ends_at=lab_end("pk"))
    found: datetime | None = rows.values_list("ends_at", flat=True).get()
    return found


def attendee_of(delivery: Delivery, email: str) -> Attendee | None:
    """Return who on the roster has this address, or has joined with it."""
    roster = Attendee.objects.filter(delivery=delivery).order_by("pk")
    return (
        roster.filter(email__iexact=email).first()
        or roster.filter(aliases__email__iexact=email).first()
    )


def _write_new(
    submission: Submission, why: str, *, by: User | None, now: datetime
) -> None:
    submission.save()
    submission.checklist = start_submission_checklist(submission, by=by, now=now)
    submission.save(update_fields=["checklist"])
    changes: dict[str, Sequence[object]] = {
        "submitted": [None, submission.submitted_at],
        "reviewer": [None, submission.reviewer],
    }
    record_submission(
        "submission-entered", submission, changes, by=by, reason=why, now=now
    )


def record_submission(
    verb: str,
    submission: Submission,
    changes: Changes,
    *,
    by: User | None,
    on_behalf_of: User | None = None,
    reason: str = "",
    now: datetime,
) -> None:
    """Write what happened to a submission into the engagement's history."""
    record(
        verb,
        by=by,
        on_behalf_of=on_behalf_of,
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
        "delivery__engagement__customer",
        "delivery__course",
        "delivery__trainer",
        "reviewer",
        "checklist",
    ).get(pk=submission.pk)


def reviewer_away(submission: Submission, by: User, now: datetime) -> User | None:
    """R-23: return the reviewer where somebody acts who stands in for them now."""
    reviewer = submission.reviewer
    if reviewer is None or reviewer == by:
        return None
    return reviewer if reviewer.pk in deputised_by(by, now) else None


@transaction.atomic
def assign_reviewer(
    submission: Submission,
    reviewer: User | None,
    *,
    by: User | None,
    reason: str = "",
    now: datetime,
) -> Submission:
    """R-13: give the review to somebody else; the due date stays.

    It goes to them even where somebody had delegated the step. Raises RuleRefused
    once the result is released.
    """
    submission = lock_submission(submission)
    refuse(reasons_against_release(submission))
    old, submission.reviewer = submission.reviewer, reviewer
    submission.save(update_fields=["reviewer"])
    review_steps(submission).update(is_delegated=False)
    follow_reviewer(submission, by=by, now=now)
    changes = {"reviewer": [old, reviewer]}
    record_submission(
        "reviewer-changed", submission, changes, by=by, reason=reason, now=now
    )
    return submission


@transaction.atomic
def assign_many(
    submissions: Iterable[Submission],
    reviewer: User | None,
    *,
    by: User,
    reason: str = "",
    now: datetime,
) -> int:
    """R-13: give reviews to one person, or out by load; return how many moved.

    Raises RuleRefused where one of them is released already.
    """
    chosen = list(submissions)
    before = {one.pk: one.reviewer_id for one in chosen}
    if reviewer is None:
        given = assign_by_load(chosen, by=by, reason=reason, now=now)
    else:
        moving = [one for one in chosen if one.reviewer_id != reviewer.pk]
        given = [
            assign_reviewer(one, reviewer, by=by, reason=reason, now=now)
            for one in moving
        ]
    return sum(before[one.pk] != one.reviewer_id for one in given)


def assign_by_load(
    submissions: Sequence[Submission], *, by: User, reason: str = "", now: datetime
) -> list[Submission]:
    """R-13: give reviews out anew, as if they had just come in, what is first first.

    `reason` is what whoever asks for it says; why it is this reviewer is added.
    """
    keys = [one.pk for one in submissions]
    with transaction.atomic():
        rows = waiting_submissions(Submission.objects.filter(pk__in=keys), now)
        found = list(rows.select_related("delivery__engagement"))
        untils = [one.first_at for one in found if one.first_at is not None]
        deliveries = {one.delivery_id: one.delivery for one in found}
        bench = Bench(list(deliveries.values()), max(untils, default=now), now)
        for one in found:
            bench.withdraw(one.reviewer_id, one.first_at)
        return [_assign_anew(one, bench, by=by, said=reason, now=now) for one in found]


def _assign_anew(
    submission: Submission, bench: Bench, *, by: User, said: str, now: datetime
) -> Submission:
    until = getattr(submission, "first_at", None) or until_of(submission, now)
    choice = bench.choose(submission.delivery, until)
    if choice.person_id == submission.reviewer_id:
        return submission
    reviewer = User.objects.filter(pk__in=[choice.person_id or 0]).first()
    reason = " ".join(filter(None, [said, choice.why]))
    return assign_reviewer(submission, reviewer, by=by, reason=reason, now=now)


def review_steps(submission: Submission) -> StepQuerySet:
    """Return the open review step of a submission."""
    return Step.objects.open().filter(
        checklist=submission.checklist_id, key=StepKey.CERTIFICATION_REVIEW
    )


@transaction.atomic
def correct_submission(
    submission: Submission, values: Mapping[str, object], *, by: User, now: datetime
) -> Submission:
    """Correct who handed it in, or its links; the history keeps no name of theirs.

    Also after the release: a result that did not arrive goes to the right address.
    Raises RuleRefused where the same submission is there already.
    """
    submission = lock_submission(submission)
    differ = {
        name: value
        for name, value in values.items()
        if getattr(submission, name) != value
    }
    if not differ:
        return submission
    changes = {name: _told(submission, name, value) for name, value in differ.items()}
    for name, value in differ.items():
        setattr(submission, name, value)
    submission.attendee = attendee_of(submission.delivery, submission.attendee_email)
    try:
        with transaction.atomic():
            submission.save(update_fields=[*differ, "attendee"])
    except IntegrityError as error:
        sentence = _("This submission is already entered.")
        raise RuleRefused([Reason("double", sentence)]) from error
    Checklist.objects.filter(submission_owner=submission).update(
        title=submission_title(submission)
    )
    record_submission("submission-corrected", submission, changes, by=by, now=now)
    return submission


def _told(submission: Submission, name: str, value: object) -> list[object]:
    if name in PERSONAL:
        return [Withheld.PERSONAL, Withheld.PERSONAL]
    return [getattr(submission, name), value]


@transaction.atomic
def withdraw_submission(
    submission: Submission, *, by: User, reason: str, now: datetime
) -> Submission:
    """R-13: take back what was entered by mistake; nothing is released.

    Its review is set aside. Raises RuleRefused without a reason, and once the result
    is released.
    """
    submission = lock_submission(submission)
    refuse(reasons_against_release(submission))
    refuse(reasons_without_words(reason))
    submission.result = Result.WITHDRAWN
    submission.save(update_fields=["result"])
    record_submission(
        "submission-withdrawn", submission, {}, by=by, reason=reason, now=now
    )
    for step in review_steps(submission):
        set_aside_step(step, by=by, reason=reason, now=now)
    return submission


@transaction.atomic
def restore_submission(
    submission: Submission, *, by: User, now: datetime
) -> Submission:
    """Let a withdrawn submission wait for its review again; the deadline stays.

    Raises RuleRefused for one that was not withdrawn.
    """
    submission = lock_submission(submission)
    refuse(reasons_against_restoring(submission))
    submission.result = Result.WAITING
    submission.save(update_fields=["result"])
    record_submission("submission-restored", submission, {}, by=by, now=now)
    set_aside = Step.objects.filter(
        checklist=submission.checklist_id,
        key=StepKey.CERTIFICATION_REVIEW,
        state=StepState.NOT_APPLICABLE,
    )
    for step in set_aside:
        reopen_step(step, by=by, now=now)
    return submission
