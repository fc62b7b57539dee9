"""Conditional steps come and go when the facts of a running checklist change."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from psdelivery.people.register import portal_settings
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.events import tell_changed
from psdelivery.playbooks.models import (
    Anchor,
    Checklist,
    PlaybookStep,
    Step,
    StepQuerySet,
)
from psdelivery.playbooks.owners import Owners
from psdelivery.playbooks.rules.deadlines import condition_holds
from psdelivery.playbooks.services.checklists import (
    ChecklistDraft,
    anchor_keys,
    cancel_steps,
    inherited_anchors,
    link_blockers,
    new_step,
    put_owner,
    revive_steps,
)
from psdelivery.playbooks.services.deadlines import schedule
from psdelivery.playbooks.services.writing import write_fields


@transaction.atomic
def adapt_checklist(
    checklist: Checklist, facts: Mapping[str, object], owners: Owners, *, now: datetime
) -> None:
    """Bring the steps in line with changed facts, by the checklist's own version.

    Open steps whose condition no longer holds are cancelled; those that now belong
    are opened again, by whoever holds their role now, or made. What is done stays
    done.
    """
    definitions = list(checklist.playbook.steps.all())
    wanted = [d for d in definitions if condition_holds(d.condition, facts)]
    keys = {definition.key for definition in wanted}
    shipped = Step.objects.filter(checklist=checklist, playbook_step__in=definitions)
    cancel_steps(shipped.exclude(key__in=keys), now=now)
    back = shipped.filter(key__in=keys, state=StepState.CANCELLED)
    give_owners(back, owners)
    revive_steps(back, now=now)
    known = set(Step.objects.filter(checklist=checklist).values_list("key", flat=True))
    missing = [definition for definition in wanted if definition.key not in known]
    if missing:
        add_steps(checklist, missing, owners, now=now)


def give_owners(steps: StepQuerySet, owners: Owners) -> None:
    """Put the present holders on steps that come back: roles went on without them."""
    changed = [
        step for step in steps.select_related("contact") if put_owner(step, owners)
    ]
    write_fields(changed, ["assignee", "pool", "contact"])


def add_steps(
    checklist: Checklist,
    definitions: list[PlaybookStep],
    owners: Owners,
    *,
    now: datetime,
) -> None:
    """Make steps of a running checklist, with their dates and what they wait for."""
    draft = ChecklistDraft(
        playbook_key=checklist.playbook.key,
        title=checklist.title,
        owners=owners,
        zone=checklist.zone,
        engagement_id=checklist.engagement_id,
    )
    anchors = anchors_for(checklist, definitions)
    steps = [
        new_step(definition, checklist, anchors, draft, now=now)
        for definition in definitions
    ]
    schedule(steps, portal_settings(), now=now)
    Step.objects.bulk_create(steps)
    link_blockers(list(Step.objects.filter(checklist=checklist)), definitions)
    tell_changed([checklist.engagement_id], now)


def anchors_for(
    checklist: Checklist, definitions: Collection[PlaybookStep]
) -> dict[str, Anchor]:
    """Return the anchors by key, own and inherited; one that is missing is made."""
    anchors = inherited_anchors(checklist)
    for key in anchor_keys(definitions) - anchors.keys():
        anchors[key] = Anchor.objects.create(checklist=checklist, key=key)
    return anchors
