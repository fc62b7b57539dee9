from celery import shared_task

from psdelivery import clock
from psdelivery.operations.services.purges import purge_old

# Within the time limit of a task; what is left goes the next night.
SECONDS = 180


@shared_task(name="operations.purge", ignore_result=True)
def purge() -> None:
    """Take away what is older than the settings say."""
    purge_old(clock.now(), seconds=SECONDS)
