"""Old jobs: their results show what somebody saw once, and are not kept for ever."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from psdelivery.documents.models import Document
from psdelivery.jobs.choices import OPEN_STATES
from psdelivery.jobs.models import Job, JobQuerySet
from psdelivery.operations.purging import Purge, register_purge_after_days

KEEP_DAYS = "jobs.keep_days"


def old_jobs(before: datetime) -> JobQuerySet:
    """Return jobs that came to their end before that moment."""
    ended = Job.objects.exclude(state__in=sorted(OPEN_STATES))
    return ended.filter(finished_at__lt=before).order_by("finished_at", "pk")


def remove_jobs(old: QuerySet[Any]) -> int:
    """Take jobs and their results away (files: the sweep); return how many."""
    keys = list(old.values_list("pk", "result_file"))
    Job.objects.filter(pk__in=[pk for pk, _file in keys]).delete()
    files = [file for _pk, file in keys if file is not None]
    # Only what the portal made for one person: nothing else names it.
    Document.objects.filter(pk__in=files, is_private=True).delete()
    return len(keys)


def register_job_purge() -> None:
    """Let old jobs go at night, after the days that managers set."""
    register_purge_after_days(
        Purge(
            key="jobs",
            title=_("Background jobs"),
            find=old_jobs,
            remove=remove_jobs,
            setting=KEEP_DAYS,
        ),
        title=_("Days for which jobs and their results are kept"),
        help=_("Afterwards they and their files are deleted. 0 keeps them for good."),
        default=30,
    )
