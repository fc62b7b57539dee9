from celery import shared_task

from psdelivery import clock
from psdelivery.documents.sweep import sweep_files


@shared_task(name="documents.sweep", ignore_result=True)
def sweep() -> None:
    """Delete files that no document names. Without arguments: it looks for itself."""
    sweep_files(clock.now())
