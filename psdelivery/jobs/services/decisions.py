from datetime import datetime

from django.db import transaction

from psdelivery.history.services import record
from psdelivery.jobs.choices import JobState
from psdelivery.jobs.models import Job
from psdelivery.jobs.registry import undo_of
from psdelivery.jobs.rules import reasons_against_cancel, reasons_against_undo
from psdelivery.people.models import User
from psdelivery.registry import RuleRefused


def cancel_job(job: Job, *, by: User, now: datetime) -> Job:
    """End a waiting job at once, and ask a running one to stop.

    Raises RuleRefused for one at its end.
    """
    with transaction.atomic():
        stored = Job.objects.select_for_update().get(pk=job.pk)
        if reasons := reasons_against_cancel(stored):
            raise RuleRefused(reasons)
        stored.cancel_asked_at = stored.cancel_asked_at or now
        if stored.state == JobState.QUEUED:
            stored.state, stored.finished_at = JobState.CANCELLED, now
            record("job-cancelled", by=by, subject=stored, now=now)
        stored.save(update_fields=["cancel_asked_at", "state", "finished_at"])
    return stored


def undo_job(job: Job, *, by: User, now: datetime) -> Job:
    """Take back what a job did, once. Raises RuleRefused where there is no way back."""
    with transaction.atomic():
        stored = Job.objects.select_for_update().get(pk=job.pk)
        if reasons := reasons_against_undo(stored):
            raise RuleRefused(reasons)
        take_back = undo_of(stored.kind)
        handle = stored.undo_handle
        if take_back is not None and handle is not None:  # the rule has asked
            take_back(handle, by, now)
        stored.undone_at = now
        stored.save(update_fields=["undone_at"])
        record("job-undone", by=by, subject=stored, now=now)
    return stored
