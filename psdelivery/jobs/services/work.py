"""What a function that does a job has at hand."""

from datetime import datetime, timedelta
from typing import Any

from psdelivery import clock
from psdelivery.jobs.models import Job
from psdelivery.jobs.services import claims
from psdelivery.people.models import User

# Nobody looks more often, and each look is a write.
OFTEN_ENOUGH = timedelta(seconds=1)


class Cancelled(Exception):
    """Its owner cancelled the job; what the function wrote last is rolled back."""


class LeaseLost(Exception):
    """Another runner has taken up the job; this one must write nothing more."""


class Work:
    """A claimed job: what is to be done, for whom, and how far it is.

    `is_restart` says that a runner died over it: what that one had committed is
    there, and `resume` is what it had noted.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._told_at: datetime | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        arguments: dict[str, Any] = self._job.arguments
        return arguments

    @property
    def by(self) -> User:
        return self._job.by

    @property
    def is_restart(self) -> bool:
        return self._job.attempts > 1

    @property
    def resume(self) -> dict[str, Any]:
        resume: dict[str, Any] = self._job.resume
        return resume

    def progress(self, done: int, total: int | None = None) -> None:
        """Show how far it is, and that this runner is alive: at least once a minute.

        Written at most once a second. Raises Cancelled or LeaseLost.
        """
        now = clock.now()
        if self._told_at is None or now - self._told_at >= OFTEN_ENOUGH:
            self._hold(now, progress_done=done, progress_total=total)

    def commit(self, done: int, total: int | None = None, **resume: Any) -> None:
        """Call it last in the transaction of a part that is written.

        The part counts only if this runner still has the job: else LeaseLost or
        Cancelled rolls it back. `resume` is what a restart goes on from.
        """
        self._hold(clock.now(), progress_done=done, progress_total=total, resume=resume)

    def _hold(self, now: datetime, **fields: Any) -> None:
        if not claims.hold(self._job, now, **fields):
            raise LeaseLost
        self._told_at = now
        if Job.objects.filter(pk=self._job.pk, cancel_asked_at__isnull=False).exists():
            raise Cancelled
