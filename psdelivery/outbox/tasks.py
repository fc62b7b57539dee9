from celery import shared_task

from psdelivery import clock
from psdelivery.outbox.services import send_all_due, wake
from psdelivery.outbox.services.staleness import find_stale

# Short, so that a worker that is asked to stop can stop between two messages.
SECONDS = 20


@shared_task(name="outbox.send_ready", ignore_result=True)
def send_ready() -> None:
    """Send what is due. Without arguments: the table knows what there is to do."""
    if send_all_due(seconds=SECONDS):
        wake()


@shared_task(name="outbox.find_stale", ignore_result=True)
def look_at_drafts() -> None:
    """Find drafts whose facts have changed. Without arguments: it looks for itself."""
    find_stale(clock.now())
