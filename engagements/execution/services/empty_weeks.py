"""Let weeks pass in which there is nothing to report (domain.md, section 4)."""

from datetime import datetime, timedelta
from typing import cast

from engagements.execution.rules.weeks import why_nothing_to_tell
from engagements.execution.services.dedicated import SUMMARY_STEP
from engagements.execution.services.health import STATUS_STEP
from engagements.execution.services.periods import MOST_PERIODS
from engagements.models import Engagement
from engagements.registry import facts
from engagements.rules.hours import WorkedHours
from psdelivery.people.moments import local_day
from psdelivery.playbooks.models import Step, StepQuerySet
from psdelivery.playbooks.services.steps import pass_over_period

WEEKLY_STEPS = (STATUS_STEP, SUMMARY_STEP)
# From the beginning of its week on it is known well enough who works in it.
WEEK_AHEAD = timedelta(days=4)


def pass_over_empty_weeks(now: datetime) -> int:
    """Set weekly steps aside whose week has nothing to tell; return how many.

    Asked again and again; what was decided stays. On hold nothing is asked: what fell
    into the hold passes when the work is taken up again.
    """
    found = steps_of_this_week(now).select_related("engagement__customer")
    return sum(
        pass_over(step, cast(Engagement, step.engagement), now) for step in found
    )


def steps_of_this_week(now: datetime) -> StepQuerySet:
    """Return the running weekly steps that are due within this week, or were."""
    weekly = Step.objects.running().filter(key__in=WEEKLY_STEPS, again=0)
    return weekly.filter(due_at__lte=now + WEEK_AHEAD, engagement__isnull=False)


def pass_over(step: Step, engagement: Engagement, now: datetime) -> int:
    """Let the step pass, and those after it, until a week has something to tell."""
    hours = facts.read(WorkedHours, engagement)
    since = local_day(engagement.status_since, engagement.customer.zone)
    passed, at = 0, step
    while passed < MOST_PERIODS and at.due_day is not None and at.due_at is not None:
        why = why_nothing_to_tell(engagement.status, since, hours, at.due_day)
        if not why or at.due_at > now + WEEK_AHEAD:
            break
        following = pass_over_period(at, reason=why, now=now)
        passed += 1
        if following is None:
            break
        at = following
    return passed
