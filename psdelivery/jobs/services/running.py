"""Claim a job, let its function do it, write what came of it."""

import logging
from time import monotonic
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from psdelivery import clock
from psdelivery.documents.services import keep_result
from psdelivery.history.services import record
from psdelivery.jobs.choices import JobState
from psdelivery.jobs.models import Job
from psdelivery.jobs.registry import JobFailed, Outcome, job_kind
from psdelivery.jobs.rules import is_given_up
from psdelivery.jobs.services import claims
from psdelivery.jobs.services.work import Cancelled, LeaseLost, Work
from psdelivery.people.middleware import known_zone
from psdelivery.registry import RuleRefused

logger = logging.getLogger(__name__)


def run_waiting(*, seconds: float) -> bool:
    """Run jobs one after the other; True when the time was up before the work was."""
    end = monotonic() + seconds
    while monotonic() < end:
        if not run_one():
            return False
    return True


def run_one() -> bool:
    """Take up one job and bring it to an end; False when none is waiting."""
    give_up_on_the_lost()
    job = claims.claim(clock.now())
    if job is None:
        return False
    try:
        _run(job)
    except LeaseLost:
        logger.warning("Job %s was taken over by another runner.", job.pk)
    except Cancelled:
        _end(job, JobState.CANCELLED, "")
    except (JobFailed, RuleRefused) as error:
        _end(job, JobState.FAILED, str(error))
    except SoftTimeLimitExceeded:
        _end(job, JobState.FAILED, _("It took too long and was stopped."))
    except Exception:
        # Whatever goes wrong in one job, the others are to be done.
        logger.exception("Job %s (%s) failed.", job.pk, job.kind)
        _end(job, JobState.FAILED, _sentence_for(job))
    return True


def give_up_on_the_lost() -> None:
    """End the jobs whose runner died each time, and those cancelled meanwhile."""
    now = clock.now()
    left_behind = Job.objects.claimable(now).filter(state=JobState.RUNNING)
    for job in left_behind.order_by("pk"):
        if job.cancel_asked_at is not None:
            _end(job, JobState.CANCELLED, "")
        elif is_given_up(job, now):
            _end(job, JobState.FAILED, _("Its worker died each time."))


def _run(job: Job) -> None:
    kind = job_kind(job.kind)
    if kind is None:
        raise JobFailed(_("Nothing in the portal does jobs of this kind any more."))
    if not job.by.is_active:
        raise JobFailed(_("Who started it has left."))
    # Times in the result stand on the clock of who started it.
    with timezone.override(known_zone(job.by.zone)):
        outcome = kind.run(Work(job))
        _finish(job, outcome)


def _finish(job: Job, outcome: Outcome) -> None:
    now = clock.now()
    with transaction.atomic():
        fields: dict[str, Any] = {
            "result": result_of(outcome),
            "undo_handle": outcome.undo,
        }
        if outcome.file is not None:
            fields["result_file"] = keep_result(
                outcome.file, title=job.title, by=job.by, now=now
            )
        if not claims.settle(job, JobState.DONE, now, **fields):
            raise LeaseLost  # takes the document back


def result_of(outcome: Outcome) -> dict[str, Any]:
    """Return what the page of the job shows, in the words of whoever started it."""
    result: dict[str, Any] = {"text": outcome.text, "lines": list(outcome.lines)}
    if outcome.url:
        result |= {"url": outcome.url, "url_label": outcome.url_label}
    return result


def _end(job: Job, state: JobState, error: str) -> None:
    now = clock.now()
    with transaction.atomic():
        if claims.settle(job, state, now, error=error):
            record(f"job-{state}", by=None, subject=job, reason=error, now=now)


def _sentence_for(job: Job) -> str:
    sentence = _(
        "Something went wrong in the portal. Administrators find it in the log as "
        "job %(number)s."
    )
    return sentence % {"number": job.pk}
