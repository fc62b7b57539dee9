from celery import shared_task

from psdelivery.jobs.services import run_waiting, wake

# Then others of the queue have their turn.
SECONDS = 20


@shared_task(name="jobs.run_ready", ignore_result=True)
def run_ready() -> None:
    """Run what waits. Without arguments: the table knows what there is to do."""
    if run_waiting(seconds=SECONDS):
        wake()
