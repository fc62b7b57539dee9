"""Plan deliverables and milestones: added, changed, taken off, agreed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from engagements.execution.models import Deliverable
from engagements.execution.rules.plan import (
    reasons_against_agreed_plan,
    reasons_against_editing,
    reasons_against_kind,
    reasons_against_removing,
)
from engagements.execution.services.plan_steps import PlanStep, agreed_note, tick
from engagements.models import Engagement
from engagements.services.values import write_values
from psdelivery.history.services import Changes, record
from psdelivery.people.models import User
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.registry import refuse


@transaction.atomic
def add_deliverable(
    engagement: Engagement, values: Mapping[str, Any], *, by: User | None, now: datetime
) -> Deliverable:
    """Put a deliverable or milestone on the plan, as a draft, after the others."""
    last = Deliverable.objects.filter(engagement=engagement).aggregate(n=Max("order"))
    deliverable = Deliverable.objects.create(
        engagement=engagement, order=(last["n"] or 0) + 1, created_at=now, **values
    )
    tell("deliverable-added", deliverable, by=by, now=now)
    return deliverable


@transaction.atomic
def change_deliverable(
    deliverable: Deliverable, values: Mapping[str, Any], *, by: User, now: datetime
) -> Deliverable:
    """Write what differs; raises RuleRefused for one that was accepted."""
    stored = lock(deliverable)
    refuse(reasons_against_editing(stored))
    if values.get("is_milestone", stored.is_milestone) != stored.is_milestone:
        has_versions = stored.versions.exists()
        refuse(reasons_against_kind(stored, has_versions=has_versions))
    changes = write_values(stored, values)
    if changes:
        stored.save()
        tell("deliverable-changed", stored, changes, by=by, now=now)
    return stored


@transaction.atomic
def remove_deliverable(deliverable: Deliverable, *, by: User, now: datetime) -> None:
    """Take it off the plan; raises RuleRefused once somebody has worked on it."""
    stored = lock(deliverable)
    has_versions = stored.versions.exists()
    refuse(reasons_against_removing(stored, has_versions=has_versions))
    tell("deliverable-removed", stored, by=by, now=now)
    stored.delete()


@transaction.atomic
def agree_plan(engagement: Engagement, *, by: User, now: datetime) -> None:
    """Note that the customer has seen the plan; raises RuleRefused with what lacks."""
    planned = list(Deliverable.objects.filter(engagement=engagement))
    refuse(reasons_against_agreed_plan(planned))
    record("plan-agreed", by=by, subject=engagement, engagement=engagement, now=now)
    completion = Completion(note=agreed_note())
    tick(engagement, PlanStep.MILESTONES, completion, by=by, now=now)


def lock(deliverable: Deliverable) -> Deliverable:
    """Return the deliverable as it is stored; whoever else changes it waits."""
    rows = Deliverable.objects.select_for_update(of=("self",))
    return rows.select_related("engagement__customer", "owner").get(pk=deliverable.pk)


def tell(
    verb: str,
    deliverable: Deliverable,
    changes: Changes | None = None,
    reason: str = "",
    *,
    by: User | None,
    now: datetime,
) -> None:
    """Write what happened to a deliverable into the engagement's history."""
    record(
        verb,
        by=by,
        subject=deliverable,
        engagement=deliverable.engagement,
        changes=changes,
        reason=reason,
        now=now,
    )
