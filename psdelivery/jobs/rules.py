"""Decisions about jobs: no writes, no clock, no request."""

from datetime import datetime

from django.utils.translation import gettext as _

from psdelivery.jobs.choices import JobState
from psdelivery.jobs.models import Job
from psdelivery.jobs.registry import undo_of
from psdelivery.registry import Reason

# A job that kills its worker each time must not do so for ever.
MOST_ATTEMPTS = 3


def is_given_up(job: Job, now: datetime) -> bool:
    """Tell whether a job was taken up often enough, and left behind each time."""
    return (
        job.state == JobState.RUNNING
        and job.attempts >= MOST_ATTEMPTS
        and job.lease_until is not None
        and job.lease_until < now
    )


def reasons_against_cancel(job: Job) -> list[Reason]:
    """What is at its end is not cancelled any more; perhaps it can be undone."""
    if job.is_open:
        return []
    words = {"state": job.get_state_display().lower()}
    return [Reason("ended", _("The job is %(state)s already.") % words)]


def reasons_against_undo(job: Job) -> list[Reason]:
    """Only what was done, once, and where its kind knows a way back."""
    if job.undone_at is not None:
        return [Reason("undone", _("The job was undone already."))]
    if job.state != JobState.DONE:
        return [Reason("not-done", _("Only a job that was done can be undone."))]
    if job.undo_handle is None or undo_of(job.kind) is None:
        return [Reason("no-way-back", _("This job cannot be undone."))]
    return []


def may_cancel(job: Job) -> bool:
    """See `reasons_against_cancel`."""
    return not job.is_cancelling and not reasons_against_cancel(job)


def may_undo(job: Job) -> bool:
    """See `reasons_against_undo`."""
    return not reasons_against_undo(job)
