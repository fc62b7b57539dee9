"""What training looks for by itself: hints without arguments that say "look"."""

from celery import shared_task

from psdelivery import clock
from training.services.proposal_sending import look_at_proposals


@shared_task(name="training.look_at_proposals", ignore_result=True)
def look() -> None:
    """Let proposed dates lapse that nobody answered, and free what they held."""
    look_at_proposals(clock.now())
