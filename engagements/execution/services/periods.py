"""Steps of each week or month that tick themselves, or pass where nothing is to do."""

from collections.abc import Callable
from datetime import date, datetime

from engagements.models import Engagement
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import (
    Completion,
    reasons_against_completing,
)
from psdelivery.playbooks.rules.deadlines import anchor_of_period
from psdelivery.playbooks.services.deadlines import timing_of, with_schedule_facts
from psdelivery.playbooks.services.steps import complete_step

# A year of weeks, and some more: no row is behind by that.
MOST_PERIODS = 60


def open_period(engagement: Engagement, key: str) -> Step | None:
    """Return the open step of a row that repeats, the oldest of several."""
    own = Step.objects.open().filter(checklist=engagement.checklist_id, key=key)
    return with_schedule_facts(own.filter(again=0)).order_by("period").first()


def tick_periods(
    engagement: Engagement,
    key: str,
    is_meant: Callable[[Step], bool],
    note: str,
    *,
    by: User,
    now: datetime,
) -> list[Step]:
    """Tick the open step of a row, and those after it, as far as they are meant.

    Inside the caller's transaction. What was left open before is done late with this
    one. A step that wants more than a note stays for a person; return what was ticked.
    """
    ticked: list[Step] = []
    step = open_period(engagement, key)
    while step is not None and is_meant(step) and len(ticked) < MOST_PERIODS:
        completion = Completion(note=note, follows_record=True)
        if reasons_against_completing(step, completion):
            break
        ticked.append(complete_step(step, completion, by=by, now=now))
        step = open_period(engagement, key)
    return ticked


def is_due_by(day: date) -> Callable[[Step], bool]:
    """Return what tells whether a step is due on this day or before."""
    return lambda step: step.due_day is not None and step.due_day <= day


def month_of(step: Step) -> date | None:
    """Return the first day of the month in which the step's period begins."""
    timing = timing_of(step, portal_settings())
    if timing.anchor is None:
        return None
    zone = timing.calendar.zone
    return local_day(anchor_of_period(timing.anchor, timing), zone).replace(day=1)


def is_of_month(month: date) -> Callable[[Step], bool]:
    """Return what tells whether a step's period begins in this month or before."""

    def is_meant(step: Step) -> bool:
        begins = month_of(step)
        return begins is not None and begins <= month

    return is_meant
