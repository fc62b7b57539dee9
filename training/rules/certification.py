"""Decisions of the certification review (R-13)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from psdelivery.registry import Reason
from training.choices import Result
from training.models import Submission

# Older is a slip of the keyboard: people have two weeks to hand in.
OLDEST_SUBMISSION = timedelta(days=366)


@dataclass(frozen=True)
class Verdict:
    """What a review ends with: the result, the mark in per cent, and a note."""

    result: Result
    score: int | None = None
    note: str = ""


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


def reasons_against_verdict(verdict: Verdict, *, pass_mark: int) -> list[Reason]:
    """R-13: the result follows from the mark; pass mark 80 % (a setting).

    A result without a mark is taken as it is given.
    """
    if verdict.score is None:
        return []
    mark = {"score": verdict.score, "pass_mark": pass_mark}
    if verdict.result == Result.PASSED and verdict.score < pass_mark:
        sentence = _("%(score)s %% is below the pass mark of %(pass_mark)s %%.")
        return [Reason("below-pass-mark", sentence % mark)]
    if verdict.result == Result.NOT_PASSED and verdict.score >= pass_mark:
        sentence = _("%(score)s %% reaches the pass mark of %(pass_mark)s %%.")
        return [Reason("reaches-pass-mark", sentence % mark)]
    return []


def reasons_against_release(submission: Submission) -> list[Reason]:
    """R-13: a result is released exactly once."""
    if submission.released_at is None:
        return []
    url = submission.get_absolute_url()
    return [Reason("released", _("The result was released before."), url)]


def reasons_without_release(submission: Submission) -> list[Reason]:
    """R-13: the review is done by releasing its result, not by a tick alone."""
    if submission.released_at is not None:
        return []
    sentence = _("The review ends when its result is released.")
    url = submission.get_absolute_url()
    return [Reason("not-released", sentence, url, _("Release the result"))]
