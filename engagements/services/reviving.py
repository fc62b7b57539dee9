"""Cancel the steps of an engagement, and bring back those that somebody asks for."""

from collections.abc import Collection
from datetime import datetime

from engagements.models import Engagement
from engagements.owners import owners_of
from engagements.services.facts import checklist_facts
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step, StepQuerySet
from psdelivery.playbooks.services.checklists import cancel_steps, revive_steps
from psdelivery.playbooks.services.facts import adapt_checklist


def cancel_all_steps(engagement: Engagement, *, now: datetime) -> int:
    """Cancel every open step and note which, so that reviving can ask for them."""
    steps = Step.objects.open().filter(engagement=engagement)
    engagement.cancelled_steps = list(steps.order_by("pk").values_list("pk", flat=True))
    engagement.save(update_fields=["cancelled_steps"])
    return cancel_steps(steps, now=now)


def steps_to_revive(engagement: Engagement) -> StepQuerySet:
    """Return the steps that went with the engagement, in the order of the work.

    Engagements cancelled before that was noted offer all their cancelled steps.
    """
    steps = Step.objects.filter(engagement=engagement, state=StepState.CANCELLED)
    if engagement.cancelled_steps:
        steps = steps.filter(pk__in=engagement.cancelled_steps)
    return steps.order_by("phase", "checklist", "order", "period", "pk")


def revive_chosen(
    engagement: Engagement, chosen: Collection[int] | None, *, now: datetime
) -> None:
    """Open the chosen steps again (None: all), and adapt the checklist to the facts.

    domain.md, section 0. What the facts of today ask for and was never there is made;
    what was not chosen stays cancelled.
    """
    offered = steps_to_revive(engagement)
    wanted = offered if chosen is None else offered.filter(pk__in=chosen)
    keep = set(wanted.values_list("pk", flat=True))
    own = Step.objects.filter(engagement=engagement)
    left = set(own.exclude(state=StepState.OPEN).values_list("pk", flat=True)) - keep
    revive_steps(Step.objects.filter(pk__in=keep), now=now)
    if engagement.checklist is not None:
        adapt_checklist(
            engagement.checklist,
            checklist_facts(engagement),
            owners_of(engagement),
            now=now,
        )
    cancel_steps(Step.objects.filter(pk__in=left), now=now)
    engagement.cancelled_steps = []
    engagement.save(update_fields=["cancelled_steps"])
