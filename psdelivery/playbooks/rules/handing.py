"""What stands against putting a step off, or giving it to somebody else.

Pure: no writes, no clock, no request.
"""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.people.moments import day_text
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import reasons_of_state
from psdelivery.playbooks.words import is_asked
from psdelivery.registry import Reason

LONGEST_SNOOZE = timedelta(days=30)
# A late step may be put off, but not forgotten: it goes on escalating.
LONGEST_WHEN_LATE = timedelta(days=7)
MONDAY = 0


def next_monday(today: date) -> date:
    """Return the Monday after today."""
    return today + timedelta(days=(MONDAY - today.weekday()) % 7 or 7)


def reasons_against_snoozing(
    step: Step, until: date, *, today: date, is_late: bool
) -> list[Reason]:
    """Return what stands against hearing nothing of a step before a day.

    It waits, the day is to come, and no further than its deadline; of a late step no
    further than a week.
    """
    settled = reasons_of_state(step)
    if settled:
        return settled
    if until <= today:
        return [Reason("snooze-past", _("Choose a day that is to come."))]
    if is_late:
        return reasons_too_far(until, today + LONGEST_WHEN_LATE)
    if step.due_day is not None and until > step.due_day:
        sentence = _("It is due on %(day)s: put it off until then at most.")
        day = day_text(step.due_day)
        return [Reason("snooze-beyond-deadline", sentence % {"day": day})]
    return reasons_too_far(until, today + LONGEST_SNOOZE)


def reasons_too_far(until: date, last: date) -> list[Reason]:
    """Return a reason where a day lies after the last one that is allowed."""
    if until <= last:
        return []
    sentence = _("That is too far: until %(day)s at most.") % {"day": day_text(last)}
    return [Reason("snooze-far", sentence)]


def reasons_against_delegating(step: Step, to: User) -> list[Reason]:
    """Return what stands against giving a step to somebody: it is theirs, they left."""
    settled = reasons_of_state(step)
    if settled:
        return settled
    if not to.is_active:
        sentence = _("%(person)s no longer works here.") % {"person": to}
        return [Reason("delegate-left", sentence)]
    if step.assignee_id == to.pk:
        sentence = _("%(person)s has it already.") % {"person": to}
        return [Reason("delegate-same", sentence)]
    return []


def reasons_against_taking_back(step: Step) -> list[Reason]:
    """Return what stands against taking a step back: settled, or never given away."""
    settled = reasons_of_state(step)
    if settled or step.is_delegated:
        return settled
    return [Reason("not-delegated", _("Nobody gave this step away."))]


def follows_main_contact(step: Step) -> bool:
    """Tell whether a step goes to who is now the customer's main contact.

    What the playbook asks of the customer does. What was asked of somebody by name
    stays with them, until they no longer work there.
    """
    if not is_asked(step.key):
        return step.owner_role == EngagementRole.CONTACT
    return step.contact is not None and not step.contact.is_active
