import logging
from datetime import datetime
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError as BrokerError

from psdelivery.history.services import record
from psdelivery.jobs.models import Job
from psdelivery.jobs.registry import job_kind
from psdelivery.people.models import User

logger = logging.getLogger(__name__)

TITLE_LENGTH = 200


def start_job(
    kind: str, title: str, arguments: dict[str, Any], *, by: User, now: datetime
) -> Job:
    """Let a worker do something soon; whether `by` may do it is asked before.

    The kind's function is told the arguments, which JSON can hold, and reads again
    what `by` may see. Raises LookupError for a kind that nobody registered.
    """
    if job_kind(kind) is None:
        raise LookupError(kind)
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind,
            title=title[:TITLE_LENGTH],
            arguments=arguments,
            by=by,
            created_at=now,
        )
        record("job-started", by=by, subject=job, now=now)
        wake()
    return job


def wake() -> None:
    """Tell a worker to look, once what was written can be seen."""
    transaction.on_commit(_hint)


def _hint() -> None:
    try:
        current_app.send_task(
            "jobs.run_ready", queue="jobs", expires=settings.SCAN_SECONDS
        )
    except (BrokerError, OSError):
        # Only a hint: beat looks into the table every half minute anyway.
        logger.warning("The broker did not answer; the next look finds the job.")
