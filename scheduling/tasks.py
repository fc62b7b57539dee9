"""What the schedule looks for by itself: hints without arguments that say "look"."""

from celery import shared_task

from psdelivery import clock
from scheduling.services.expiry import look_at_holds


@shared_task(name="scheduling.look_at_holds", ignore_result=True)
def look() -> None:
    """Let soft holds expire whose time is over, and warn about those that end soon."""
    look_at_holds(clock.now())
