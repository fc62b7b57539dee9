"""Start checklists, date their anchors, and change who owns their steps."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.text import Truncator

from psdelivery.history.services import record
from psdelivery.people.models import Customer, User
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.definitions import StepDefinition
from psdelivery.playbooks.events import AnchorMoved, tell_changed
from psdelivery.playbooks.models import (
    Anchor,
    Checklist,
    Playbook,
    PlaybookStep,
    Step,
    StepQuerySet,
)
from psdelivery.playbooks.owners import Owners, assignment_for
from psdelivery.playbooks.rules.deadlines import condition_holds
from psdelivery.playbooks.rules.handing import follows_main_contact
from psdelivery.playbooks.rules.moves import LineKind
from psdelivery.playbooks.services.anchors import dated_anchor
from psdelivery.playbooks.services.deadlines import (
    save_schedule,
    schedule,
    with_schedule_facts,
)
from psdelivery.playbooks.services.moves import AnchorChange, apply_moves, carry_out
from psdelivery.playbooks.services.writing import write_fields
from psdelivery.playbooks.words import is_asked
from psdelivery.registry import reactions

# The column's: the names of a customer and of its work may be longer together.
TITLE_LENGTH = 200
COPIED_FIELDS = [field_.name for field_ in StepDefinition._meta.get_fields()]


@dataclass(frozen=True)
class ChecklistDraft:
    """What a new checklist is made from.

    `facts` decide which conditional steps belong on it; `anchors` are the dates it
    owns itself, None while not known; other anchors are found on its ancestors.
    """

    playbook_key: str
    title: str
    owners: Owners
    zone: str
    engagement_id: int | None = None
    customer: Customer | None = None
    parent: Checklist | None = None
    subject_url: str = ""
    country: str = ""
    subdivision: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    anchors: Mapping[str, date | datetime | None] = field(default_factory=dict)


@transaction.atomic
def start_checklist(
    draft: ChecklistDraft, *, by: User | None, now: datetime
) -> Checklist:
    """Make the checklist with its anchors and every step whose condition holds."""
    playbook = Playbook.objects.current().get(key=draft.playbook_key)
    checklist = create_checklist(draft, playbook, now)
    wanted = [
        step
        for step in playbook.steps.all()
        if condition_holds(step.condition, draft.facts)
    ]
    anchors = create_anchors(checklist, draft, wanted, now)
    steps = [
        new_step(definition, checklist, anchors, draft, now=now)
        for definition in wanted
    ]
    schedule(steps, portal_settings(), now=now)
    Step.objects.bulk_create(steps)
    link_blockers(steps, wanted)
    tell_changed([checklist.engagement_id], now)
    return checklist


def create_checklist(
    draft: ChecklistDraft, playbook: Playbook, now: datetime
) -> Checklist:
    """Save the checklist itself, with the people that its steps escalate to."""
    return Checklist.objects.create(
        title=Truncator(draft.title).chars(TITLE_LENGTH),
        playbook=playbook,
        parent=draft.parent,
        engagement_id=draft.engagement_id,
        customer=draft.customer,
        subject_url=draft.subject_url,
        zone=draft.zone,
        country=draft.country,
        subdivision=draft.subdivision,
        coordinator=draft.owners.coordinator,
        pool=draft.owners.pool,
        manager=draft.owners.manager,
        is_paused=draft.parent.is_paused if draft.parent else False,
        created_at=now,
    )


def create_anchors(
    checklist: Checklist,
    draft: ChecklistDraft,
    definitions: list[PlaybookStep],
    now: datetime,
) -> dict[str, Anchor]:
    """Return all anchors the steps hang on: own ones made, inherited ones found."""
    anchors = inherited_anchors(draft.parent)
    own = set(draft.anchors) | (anchor_keys(definitions) - set(anchors))
    created = [
        dated_anchor(Anchor(checklist=checklist, key=key), draft.anchors.get(key), now)
        for key in sorted(own)
    ]
    Anchor.objects.bulk_create(created)
    anchors.update({anchor.key: anchor for anchor in created})
    return anchors


def anchor_keys(definitions: Collection[PlaybookStep]) -> set[str]:
    """Return the anchors that the steps hang on, set, open with, or repeat until."""
    named = {definition.anchor for definition in definitions}
    named |= {definition.sets_anchor for definition in definitions}
    named |= {definition.repeat_until for definition in definitions}
    named |= {definition.opens_with for definition in definitions}
    return named - {""}


def inherited_anchors(parent: Checklist | None) -> dict[str, Anchor]:
    """Return the anchors of the ancestors, the nearest winning."""
    anchors: dict[str, Anchor] = {}
    while parent is not None:
        for anchor in parent.anchors.all():
            anchors.setdefault(anchor.key, anchor)
        parent = parent.parent
    return anchors


def new_step(
    definition: PlaybookStep,
    checklist: Checklist,
    anchors: Mapping[str, Anchor],
    draft: ChecklistDraft,
    *,
    now: datetime,
) -> Step:
    """Return the running copy of a playbook step (not saved, not yet dated)."""
    owner = assignment_for(definition.owner_role, draft.owners)
    return Step(
        checklist=checklist,
        playbook_step=definition,
        engagement_id=draft.engagement_id,
        anchor=anchors[definition.anchor],
        opening=anchors[definition.opens_with] if definition.opens_with else None,
        assignee=owner.person,
        pool=owner.pool,
        contact=draft.owners.contact_for(definition.owner_role),
        open_since=now,
        **{name: getattr(definition, name) for name in COPIED_FIELDS},
    )


def link_blockers(steps: list[Step], definitions: list[PlaybookStep]) -> None:
    """Save which step waits for which; steps that conditions left out do not count."""
    by_key = {step.key: step for step in steps}
    links = Step.blockers.through
    links.objects.bulk_create(
        links(from_step=by_key[definition.key], to_step=by_key[key])
        for definition in definitions
        for key in definition.blocked_by
        if key in by_key
    )


@transaction.atomic
def set_anchor(
    checklist: Checklist,
    key: str,
    value: date | datetime | None,
    *,
    by: User | None,
    reason: str = "",
    now: datetime,
) -> Anchor:
    """R-20: date or move an anchor; its open steps move with it, pinned ones stay.

    For dates that follow from something else: an event that happened, or evidence.
    A date that somebody moves is shown first and can be undone (`services.moves`).
    One history event says who, from, to and why.
    """
    anchor = Anchor.objects.select_for_update().get(checklist=checklist, key=key)
    old = anchor.value
    if old == value:
        return anchor
    change = AnchorChange(anchor, value)
    if old is not None and value is not None:
        apply_moves(
            [change], checklist=checklist, by=by, reason=reason, now=now, undoable=False
        )
    else:
        date_anchor(change, by=by, reason=reason, now=now)
    return dated_anchor(anchor, value, now)


def date_anchor(
    change: AnchorChange, *, by: User | None, reason: str, now: datetime
) -> None:
    """Give an anchor its first date, or take it away; its open steps follow."""
    anchor, old = change.anchor, change.anchor.value
    checklist = anchor.checklist
    plan = carry_out([change], now=now)
    moved = len(plan.of(LineKind.MOVES, LineKind.STAYS))
    record(
        "anchor-moved" if old else "anchor-dated",
        by=by,
        subject=checklist,
        engagement=checklist.engagement,
        changes={anchor.key: [old, change.to], "steps": ["", str(moved)]},
        reason=reason,
        now=now,
    )
    reactions.publish(
        AnchorMoved(
            checklist=checklist, key=anchor.key, old=old, new=change.to, by=by, now=now
        )
    )


def reschedule(steps: StepQuerySet, *, now: datetime) -> int:
    """Recompute the open ones of these steps and save them; return how many."""
    locked = Step.objects.filter(pk__in=steps.open().lock())
    found = list(with_schedule_facts(locked))
    schedule(found, portal_settings(), now=now)
    save_schedule(found)
    tell_changed((step.engagement_id for step in found), now)
    return len(found)


@transaction.atomic
def change_owners(
    checklist: Checklist, owners: Owners, *, by: User | None, now: datetime
) -> int:
    """Give open steps to the present holders of their roles; return how many moved.

    Dates counted on the owner's calendar are counted anew.
    """
    Checklist.objects.filter(pk=checklist.pk).update(
        coordinator=owners.coordinator, manager=owners.manager, pool=owners.pool
    )
    checklist.refresh_from_db()
    steps = Step.objects.filter(checklist=checklist)
    found = Step.objects.filter(pk__in=steps.open().lock()).select_related("contact")
    changed = [step for step in found if put_owner(step, owners)]
    write_fields(changed, ["assignee", "pool", "contact"])
    reschedule(steps, now=now)
    return len(changed)


def put_owner(step: Step, owners: Owners) -> bool:
    """Put the present holder of its role on a step (not saved); tell what differs.

    What somebody was given by hand stays with them; whom they chase changes all the
    same.
    """
    before = step.assignee_id, step.pool_id, step.contact_id
    if not step.is_delegated:
        owner = assignment_for(step.owner_role, owners)
        step.assignee, step.pool = owner.person, owner.pool
    if follows_main_contact(step) and (owners.contact or not is_asked(step.key)):
        step.contact = owners.contact
    return (step.assignee_id, step.pool_id, step.contact_id) != before


@transaction.atomic
def move_checklist_zone(checklist: Checklist, zone: str, *, now: datetime) -> None:
    """Count the session calendar of a checklist in another zone from now on."""
    if checklist.zone == zone:
        return
    checklist.zone = zone
    checklist.save(update_fields=["zone"])
    reschedule(Step.objects.filter(checklist=checklist), now=now)


@transaction.atomic
def pause_checklists(engagement_id: int) -> None:
    """Stop reminders and lateness of an engagement on hold (domain.md, section 0)."""
    Checklist.objects.filter(engagement=engagement_id).update(is_paused=True)
    locked = Step.objects.open().filter(engagement=engagement_id).lock()
    Step.objects.filter(pk__in=locked).update(next_reminder_at=None)


@transaction.atomic
def resume_checklists(engagement_id: int, *, now: datetime) -> None:
    """Let reminders and lateness run again.

    What fell due meanwhile is told to its owner first, and escalated from now on.
    """
    Checklist.objects.filter(engagement=engagement_id).update(is_paused=False)
    locked = Step.objects.open().filter(engagement=engagement_id).lock()
    steps = Step.objects.filter(pk__in=locked)
    steps.update(open_since=now)
    reschedule(steps, now=now)


@transaction.atomic
def cancel_steps(steps: StepQuerySet, *, now: datetime) -> int:
    """Cancel the open ones of these steps; return how many."""
    locked = list(steps.open().lock_rows())
    Step.objects.filter(pk__in=[step.pk for step in locked]).update(
        state=StepState.CANCELLED, next_reminder_at=None
    )
    tell_changed((step.engagement_id for step in locked), now)
    return len(locked)


@transaction.atomic
def revive_steps(steps: StepQuerySet, *, now: datetime) -> int:
    """Open the cancelled ones of these steps again; return how many."""
    revived = steps.filter(state=StepState.CANCELLED).lock()
    found = Step.objects.filter(pk__in=revived)
    found.update(state=StepState.OPEN, open_since=now)
    reschedule(found, now=now)
    return len(revived)
