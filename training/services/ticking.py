"""Ticks of the steps of a class that follow from a record of it."""

from datetime import datetime

from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import (
    Completion,
    reasons_against_completing,
)
from psdelivery.playbooks.services.steps import complete_step


def tick_open(
    checklist_id: int | None,
    key: str,
    completion: Completion,
    *,
    by: User | None,
    now: datetime,
) -> list[Step]:
    """Tick the steps of that key that wait and that nothing stands against.

    A step that another one blocks stays: what blocks it is shown on its page.
    """
    if checklist_id is None:
        return []
    waiting = Step.objects.open().filter(checklist=checklist_id, key=key)
    return [
        complete_step(step, completion, by=by, now=now)
        for step in waiting.order_by("pk")
        if not reasons_against_completing(step, completion)
    ]
