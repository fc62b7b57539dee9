"""Hours beyond what was sold: recorded all the same, and an exception is asked for."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from engagements.choices import CHANGE_ORDERS, ChangeKind, ChangeState
from engagements.models import Change, Engagement
from engagements.owners import owners_of
from engagements.services.approvals import decision_day
from engagements.services.changes import allowed_hours
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.playbooks.choices import Phase, StepState
from psdelivery.playbooks.models import Step, StepQuerySet
from psdelivery.playbooks.owners import assignment_for
from psdelivery.playbooks.rules.adhoc import AdHocStep
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.adhoc import add_step
from psdelivery.playbooks.services.checklists import cancel_steps
from psdelivery.playbooks.services.steps import complete_step
from scheduling.models import HoursPart
from scheduling.queries.hours import worked_on
from scheduling.rules.hours import NOTHING, hours_over, plain

REMINDERS = {"owner": [1, 0], "coordinator": [1], "manager": [2]}


def hours_beyond(engagement: Engagement) -> Decimal:
    """Return how many hours go beyond what was sold and granted; two queries."""
    if getattr(engagement, "paper", None) is None:
        return NOTHING
    worked = worked_on([engagement.pk]).get(engagement.pk, NOTHING)
    return hours_over(allowed_hours(engagement), worked)


def follow_budget(part: HoursPart, *, by: User | None, now: datetime) -> None:
    """Ask the PM to request a work exception where hours go beyond what was sold.

    domain.md, section 1. Once: not while the step is open, nor while a request waits.
    Where the hours fall back into what was sold, the step goes.
    """
    over = hours_beyond(part.engagement)
    waiting = exception_steps(part.engagement)
    if not over:
        cancel_steps(waiting, now=now)
    elif not waiting.exists() and not is_asked_for(part.engagement):
        part.exception_step = ask_for_exception(part.engagement, over, by=by, now=now)
        part.save(update_fields=["exception_step"])


def exception_steps(engagement: Engagement) -> StepQuerySet:
    """Return the open steps that ask for a work exception."""
    parts = HoursPart.objects.filter(
        engagement=engagement, exception_step__isnull=False
    )
    keys = parts.order_by().values("exception_step")
    return Step.objects.filter(pk__in=keys, state=StepState.OPEN)


def is_asked_for(engagement: Engagement) -> bool:
    """Tell whether a work exception waits for its decision."""
    waiting = Change.objects.filter(engagement=engagement, state=ChangeState.REQUESTED)
    return waiting.exclude(kind__in=CHANGE_ORDERS).exists()


def ask_for_exception(
    engagement: Engagement, over: Decimal, *, by: User | None, now: datetime
) -> Step | None:
    """Open the step of the PM; None where the engagement has no checklist."""
    if engagement.checklist is None:
        return None
    owners = owners_of(engagement)
    owner = assignment_for(EngagementRole.PM, owners)
    kind = ChangeKind.OVER_TIME
    url = f"{engagement.get_absolute_url()}changes/add/?kind={kind}&hours={plain(over)}"
    asked = AdHocStep(
        title=_("Request a work exception: %(hours)s hours beyond what was sold")
        % {"hours": plain(over)},
        phase=Phase.DELIVER,
        owner_role=EngagementRole.PM,
        due_day=decision_day(owner.person, owner.pool, now),
        instructions=_(
            "The hours are recorded, and none is lost. Ask for the exception with its "
            "reason, or correct the hours; this step goes by itself then."
        ),
        subject_url=url,
        reminder_days=REMINDERS,
    )
    return add_step(engagement.checklist, asked, owners=owners, by=by, now=now)


def close_question(
    engagement: Engagement, note: str, *, by: User | None, now: datetime
) -> None:
    """Tick the step of the PM: the exception was asked for."""
    for step in exception_steps(engagement).order_by("pk"):
        complete_step(step, Completion(note=note), by=by, now=now)
