"""What execution looks for by itself: hints without arguments that say "look"."""

from celery import shared_task

from engagements.execution.services.empty_weeks import pass_over_empty_weeks
from engagements.execution.services.project_runs import look_at_projects
from psdelivery import clock


@shared_task(name="execution.pass_over_empty_weeks", ignore_result=True)
def look_at_weeks() -> None:
    """Let weeks pass that have nothing to report: without hours, on hold, not begun."""
    pass_over_empty_weeks(clock.now())


@shared_task(name="execution.look_at_projects", ignore_result=True)
def look() -> None:
    """Push what waits for the customers' projects, and read back every 15 minutes."""
    look_at_projects()
