"""Jobs that somebody started, for them to have."""

from typing import Any

from psdelivery.jobs.models import Job
from psdelivery.people.models import User
from psdelivery.people.personal_data import register_personal_data, rows


def jobs_by(person: User) -> list[dict[str, Any]]:
    """Return the jobs that a person started."""
    started = Job.objects.filter(by=person).order_by("created_at")
    return rows(started.values("title", "state", "created_at", "finished_at"))


def register_job_data() -> None:
    """Tell which jobs are somebody's."""
    register_personal_data(User, "jobs", jobs_by)
