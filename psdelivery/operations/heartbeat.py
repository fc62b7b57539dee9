"""Signs of life: each watched task notes when it began and when it was done.

They stand in the database, so one row proves beat, broker, worker and database
together, on whichever machine each of them runs.
"""

from typing import Any

from celery.signals import task_postrun, task_prerun
from celery.states import SUCCESS

from psdelivery import clock
from psdelivery.operations.looks import is_watched
from psdelivery.operations.services.runs import note_finish, note_start


def follow_the_worker() -> None:
    """Note the runs of this process's tasks, if it is a worker."""
    task_prerun.connect(_began, dispatch_uid="operations-began")
    task_postrun.connect(_ended, dispatch_uid="operations-ended")


def _began(task: Any, **_: Any) -> None:
    if is_watched(task.name):
        note_start(task.name, now=clock.now())


def _ended(task: Any, state: str, **_: Any) -> None:
    # A look that failed has not looked: its age goes on growing.
    if is_watched(task.name) and state == SUCCESS:
        note_finish(task.name, now=clock.now())
