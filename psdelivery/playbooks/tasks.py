"""The reminder scan as a Celery task: a hint without arguments that says "look"."""

from celery import shared_task

from psdelivery import clock
from psdelivery.playbooks.services.reminders import scan_reminders


@shared_task(name="playbooks.scan_reminders")
def scan() -> None:
    """Decide the reminders whose moment has come."""
    scan_reminders(now=clock.now())
