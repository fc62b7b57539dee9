"""Write work items: their text, their state, and that they are gone."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from engagements.execution.choices import WorkItemState
from engagements.execution.models import Assumption, WorkItem
from engagements.execution.rules.build import reasons_against_build
from engagements.execution.rules.completeness import PARTS
from engagements.execution.rules.work import (
    reasons_against_removing,
    reasons_against_saving,
    reasons_against_state,
    reasons_against_version,
)
from engagements.models import Engagement
from engagements.services.values import write_values
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.registry import Reason, refuse

ASSUMPTIONS = "assumptions"


@transaction.atomic
def add_item(
    engagement: Engagement, values: Mapping[str, Any], *, by: User, now: datetime
) -> WorkItem:
    """Add a draft; `values` are its fields, with the assumptions that it rests on."""
    Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)
    fields = {name: value for name, value in values.items() if name != ASSUMPTIONS}
    item = WorkItem.objects.create(
        engagement=engagement, order=next_order(engagement), created_at=now, **fields
    )
    item.assumptions.set(values.get(ASSUMPTIONS) or [])
    record_item("work-item-added", item, by=by, now=now)
    return item


def next_order(engagement: Engagement) -> int:
    """Return the place behind the last item."""
    last = engagement.work_items.aggregate(last=Max("order"))["last"]
    return (last or 0) + 1


def lock_item(pk: int) -> WorkItem:
    """Return the item as it stands now, with its engagement; others wait."""
    WorkItem.objects.select_for_update().get(pk=pk)
    rows = WorkItem.objects.select_related("engagement__customer", "owner")
    return rows.get(pk=pk)


@transaction.atomic
def save_item(
    item: WorkItem,
    values: Mapping[str, Any],
    *,
    seen: int,
    by: User | None,
    now: datetime,
) -> WorkItem:
    """Write what differs; R-10 may take the item out of the build.

    `seen` is the version that the writer had before the eyes. Raises RuleRefused for
    another one, and where a ready item would lose a part.
    """
    item = lock_item(item.pk)
    refuse(reasons_against_version(item, seen))
    fields = {name: value for name, value in values.items() if name != ASSUMPTIONS}
    told = write_values(item, fields)
    refuse(reasons_against_saving(item))
    if ASSUMPTIONS in values:
        told |= put_assumptions(item, values[ASSUMPTIONS])
    if told:
        item.version += 1
        item.save()
        record_edit(item, told, by=by, now=now)
        hold_build(item, by=by, now=now)
    return item


def put_assumptions(
    item: WorkItem, chosen: Iterable[Assumption]
) -> dict[str, list[object]]:
    """Let the item rest on these assumptions; return what differs, in words."""
    old, new = list(item.assumptions.all()), sorted(chosen, key=lambda one: one.pk)
    if {one.pk for one in old} == {one.pk for one in new}:
        return {}
    item.assumptions.set(new)
    return {ASSUMPTIONS: [[str(one) for one in old], [str(one) for one in new]]}


def record_edit(
    item: WorkItem,
    told: Mapping[str, list[object]],
    *,
    by: User | None,
    now: datetime,
) -> None:
    """Write who changed what; long texts by their names alone."""
    changes = {name: pair for name, pair in told.items() if name not in PARTS}
    written = [str(PARTS[name]) for name in PARTS if name in told]
    if written:
        changes["written"] = [[], written]
    record_item("work-item-edited", item, by=by, now=now, changes=changes)


def record_item(
    verb: str,
    item: WorkItem,
    *,
    by: User | None,
    now: datetime,
    changes: Mapping[str, list[object]] | None = None,
    reason: str = "",
) -> None:
    """Write what happened to a work item into the engagement's history."""
    record(
        verb,
        by=by,
        subject=item,
        engagement=item.engagement,
        changes=changes,
        reason=reason,
        now=now,
    )


@transaction.atomic
def move_item(item: WorkItem, to: str, *, by: User, now: datetime) -> WorkItem:
    """R-10: bring the item to a state; raises RuleRefused with each reason's cure."""
    item = lock_item(item.pk)
    refuse(reasons_against_state(item, to, against_build=build_reasons(item)))
    put_state(item, to, "work-item-moved", by=by, now=now)
    return item


def build_reasons(item: WorkItem) -> list[Reason]:
    """R-10: return what holds up the build of this item."""
    return reasons_against_build(item.assumptions.all(), item.open_questions.all())


def put_state(
    item: WorkItem,
    to: str,
    verb: str,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
) -> None:
    """Save the state and tell the history, inside the caller's transaction."""
    old = item.get_state_display()
    item.state = to
    item.save(update_fields=["state"])
    told: list[object] = [old, item.get_state_display()]
    changes = {"state": told}
    record_item(verb, item, by=by, now=now, changes=changes, reason=reason)


def hold_build(item: WorkItem, *, by: User | None, now: datetime) -> bool:
    """R-10: take an item out of the build where something of it is open again.

    Inside the caller's transaction; True when it went back to ready.
    """
    reasons = build_reasons(item) if item.state == WorkItemState.IN_BUILD else []
    if not reasons:
        return False
    why = " ".join(reason.sentence for reason in reasons)
    ready = WorkItemState.READY
    put_state(item, ready, "work-item-held", by=by, now=now, reason=why)
    return True


def hold_builds_of(assumption: Assumption, *, by: User | None, now: datetime) -> int:
    """R-10: hold up the items in build that rest on an assumption which is open again.

    Inside the caller's transaction; returns how many went back to ready.
    """
    items = assumption.work_items.filter(state=WorkItemState.IN_BUILD).order_by("pk")
    pks = items.values_list("pk", flat=True)
    return sum(hold_build(lock_item(pk), by=by, now=now) for pk in list(pks))


@transaction.atomic
def remove_item(item: WorkItem, *, by: User, now: datetime) -> None:
    """Remove a draft that nobody outside has seen; raises RuleRefused otherwise."""
    item = lock_item(item.pk)
    refuse(reasons_against_removing(item))
    record_item("work-item-removed", item, by=by, now=now, reason=item.title)
    item.delete()
