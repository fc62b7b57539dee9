"""Decisions of the certification review (R-13)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from psdelivery.registry import Reason
from training.choices import DeliveryState, Result
from training.models import Delivery, Submission

# Older is a slip of the keyboard: people have two weeks to hand in.
OLDEST_SUBMISSION = timedelta(days=366)


def reasons_against_entering(submission: Submission, *, now: datetime) -> list[Reason]:
    """R-13: return what is wrong with a submission that is to be entered."""
    reasons = []
    if submission.submitted_at > now:
        reasons.append(Reason("in-the-future", _("This moment lies in the future.")))
    if submission.submitted_at < now - OLDEST_SUBMISSION:
        sentence = _("This moment is more than a year back.")
        reasons.append(Reason("long-ago", sentence))
    if not submission.delivery.with_certification:
        sentence = _("This class has no certification.")
        url = submission.delivery.get_absolute_url()
        reasons.append(Reason("no-certification", sentence, url))
    return reasons


def reasons_against_import(delivery: Delivery) -> list[Reason]:
    """R-13: submissions come of classes with a certification that take place."""
    url = delivery.get_absolute_url()
    if delivery.state == DeliveryState.CANCELLED:
        return [Reason("cancelled", _("This class was called off."), url)]
    if not delivery.with_certification:
        return [Reason("no-certification", _("This class has no certification."), url)]
    return []


def reasons_against_another_attempt(
    submission: Submission, attempts: Iterable[Submission]
) -> list[Reason]:
    """R-13: who did not pass hands in again; who has passed is done.

    `attempts` is what the same attendee handed in in this class.
    """
    for one in attempts:
        url = one.get_absolute_url()
        if one.submitted_at == submission.submitted_at:
            sentence = _("This submission is already entered.")
            return [Reason("double", sentence, url, _("Open it"))]
        if one.result == Result.PASSED:
            sentence = _("This attendee has passed already.")
            return [Reason("has-passed", sentence, url, _("Open the result"))]
    return []


def reasons_against_release(submission: Submission) -> list[Reason]:
    """R-13: a result is released exactly once, and not of what was withdrawn."""
    url = submission.get_absolute_url()
    if submission.released_at is not None:
        return [Reason("released", _("The result was released before."), url)]
    if submission.result == Result.WITHDRAWN:
        return [Reason("withdrawn", _("This submission was withdrawn."), url)]
    return []


def reasons_against_setting_aside(submission: Submission) -> list[Reason]:
    """R-13: no review is left out while somebody waits for its result."""
    if submission.result != Result.WAITING:
        return []
    sentence = _("The attendee waits for a result. Withdraw the submission instead.")
    url = submission.get_absolute_url()
    return [Reason("waits", sentence, url, _("Open the submission"))]


def reasons_against_restoring(submission: Submission) -> list[Reason]:
    """Only what was withdrawn comes back."""
    if submission.result == Result.WITHDRAWN:
        return []
    return [Reason("not-withdrawn", _("This submission was not withdrawn."))]


def reasons_without_words(reason: str) -> list[Reason]:
    """What is withdrawn is withdrawn for a reason, which the history keeps."""
    if reason.strip():
        return []
    return [Reason("reason", _("Say why it is withdrawn."))]


def reasons_without_release(submission: Submission) -> list[Reason]:
    """R-13: the review is done by releasing its result, not by a tick alone."""
    if submission.released_at is not None:
        return []
    sentence = _("The review ends when its result is released.")
    url = submission.get_absolute_url()
    return [Reason("not-released", sentence, url, _("Release the result"))]
