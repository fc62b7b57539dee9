"""Who may run a job now: claims by conditional UPDATE, with a lease.

Each function changes the row only while it is as the caller believes, so two workers,
a repeated task or a worker that comes back late do no harm.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Coalesce

from psdelivery.jobs.choices import JobState
from psdelivery.jobs.models import Job

# More than one, since others may be faster with the first.
CANDIDATES = 10
FREE: dict[str, Any] = {"lease_until": None, "lease_token": ""}


def lease_end(now: datetime) -> datetime:
    """Return until when a runner that shows itself now has the job to itself."""
    return now + timedelta(seconds=settings.JOB_LEASE_SECONDS)


def claim(now: datetime) -> Job | None:
    """Take up the oldest job that is free; None when there is none.

    Of two runners that try the same one only one changes the row.
    """
    oldest = Job.objects.claimable(now).order_by("created_at", "pk")
    for pk in oldest.values_list("pk", flat=True)[:CANDIDATES]:
        token = uuid.uuid4().hex
        taken = Job.objects.claimable(now).filter(pk=pk)
        changed = taken.update(
            state=JobState.RUNNING,
            lease_token=token,
            lease_until=lease_end(now),
            attempts=F("attempts") + 1,
            started_at=Coalesce("started_at", now),
        )
        if changed:
            return Job.objects.select_related("by").get(pk=pk, lease_token=token)
    return None


def hold(job: Job, now: datetime, **fields: Any) -> bool:
    """Renew the lease and write fields; False when another runner has the job."""
    mine = Job.objects.filter(
        pk=job.pk, state=JobState.RUNNING, lease_token=job.lease_token
    )
    return bool(mine.update(lease_until=lease_end(now), **fields))


def settle(job: Job, state: JobState, now: datetime, **fields: Any) -> bool:
    """Write how the job ended and free it; False when another runner has it."""
    mine = Job.objects.filter(
        pk=job.pk, state=JobState.RUNNING, lease_token=job.lease_token
    )
    return bool(mine.update(state=state, finished_at=now, **FREE, **fields))
