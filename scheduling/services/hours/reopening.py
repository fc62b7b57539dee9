"""A week is asked for again: hours went back, or its confirmation was undone."""

from datetime import datetime

from django.utils.translation import gettext as _

from psdelivery.people.models import User
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.services.steps import reopen_step
from psdelivery.registry import Reason, refuse
from scheduling.choices import HoursState
from scheduling.models import HoursPart, HoursWeek
from scheduling.services.hours import asking

# Once decided, in one of these states: it was approved.
DECIDED_ONCE = frozenset({HoursState.APPROVED, HoursState.SUBMITTED})


def ask_again(week: HoursWeek, *, by: User | None, reason: str, now: datetime) -> None:
    """Open the step of a week again: something in it is to be corrected."""
    week.confirmed_at = None
    week.version += 1
    week.save(update_fields=["confirmed_at", "version"])
    done = Step.objects.filter(checklist=week.checklist_id, state=StepState.DONE)
    if week.checklist_id is not None:
        for step in done.order_by("pk"):
            reopen_step(step, by=by, reason=reason, now=now)


def take_confirmation_back(week: HoursWeek, *, by: User | None, now: datetime) -> None:
    """Let hours that nobody has approved be drafts again; raises RuleRefused after.

    Inside the transaction of whoever reopened the step.
    """
    week = HoursWeek.objects.select_for_update(of=("self",)).get(pk=week.pk)
    rows = HoursPart.objects.select_for_update(of=("self",)).filter(week=week)
    parts = list(rows.select_related("week", "decided_by").order_by("pk"))
    refuse(reasons_against_taking_back(week, parts))
    waiting = [part for part in parts if part.state == HoursState.SUBMITTED]
    keys = {asking.key_of(part) for part in waiting}
    HoursPart.objects.filter(pk__in=[part.pk for part in waiting]).update(
        state=HoursState.DRAFT
    )
    week.confirmed_at = None
    week.version += 1
    week.save(update_fields=["confirmed_at", "version"])
    asking.settle(keys, by=by, now=now)


def reasons_against_taking_back(
    week: HoursWeek, parts: list[HoursPart]
) -> list[Reason]:
    """Return the reason against opening a week of which something was approved."""
    if not any(part.decided_at and part.state in DECIDED_ONCE for part in parts):
        return []
    sentence = _("Hours of this week are approved: a correction changes them now.")
    return [Reason("approved", sentence, week.get_absolute_url(), _("Open the week"))]
