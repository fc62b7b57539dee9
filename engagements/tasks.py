"""The hourly look at the ball as a Celery task: a hint without arguments."""

from celery import shared_task

from engagements.services.ball import settle_balls
from psdelivery import clock


@shared_task(name="engagements.settle_balls")
def look_at_balls() -> None:
    """Let the ball be with whom the steps say, wherever nobody told of a change."""
    settle_balls(now=clock.now())
