from datetime import datetime, timedelta

from psdelivery.operations.looks import registered_looks
from psdelivery.operations.models import LastRun

# Under load one look follows the other; nobody needs to know so exactly.
OFTEN_ENOUGH = timedelta(seconds=5)


def begin_watch(*, now: datetime) -> int:
    """Make the rows of the watched tasks, so that silence has a beginning.

    Returns how many are new.
    """
    known = set(LastRun.objects.values_list("pk", flat=True))
    new = [
        LastRun(task=look.task, watched_since=now)
        for look in registered_looks()
        if look.task not in known
    ]
    LastRun.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def note_start(task: str, *, now: datetime) -> None:
    """Note that a worker has taken up the task."""
    _note(task, "started_at", now)


def note_finish(task: str, *, now: datetime) -> None:
    """Note that the task came to its end without an error."""
    _note(task, "finished_at", now)


def _note(task: str, field: str, now: datetime) -> None:
    # Read first: a write would wait for the other writers of an SQLite file.
    noted = LastRun.objects.filter(pk=task).values_list(field, flat=True).first()
    if noted is not None and abs(now - noted) < OFTEN_ENOUGH:
        return
    LastRun.objects.bulk_create(
        [LastRun(**{"task": task, "watched_since": now, field: now})],
        update_conflicts=True,
        unique_fields=["task"],
        update_fields=[field],
    )
