"""Offer a changed playbook to a running checklist, and take over what is chosen."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.events import tell_changed
from psdelivery.playbooks.keepers import Keeping, keepers
from psdelivery.playbooks.models import Checklist, Playbook, PlaybookStep, Step
from psdelivery.playbooks.owners import Owners, assignment_for
from psdelivery.playbooks.rules.deadlines import condition_holds
from psdelivery.playbooks.rules.editing import TOLD_FIELDS, changed_fields
from psdelivery.playbooks.services.checklists import (
    COPIED_FIELDS,
    cancel_steps,
    link_blockers,
    reschedule,
)
from psdelivery.playbooks.services.facts import add_steps, anchors_for
from psdelivery.registry import Reason, RuleRefused


@dataclass(frozen=True)
class Offer:
    """One difference that a running checklist can take over: what, and in which fields.

    `step` is the running step (of a row that repeats the latest), None for a new one;
    `definition` is the new wording, None for a step that the playbook no longer has.
    """

    key: str
    step: Step | None
    definition: PlaybookStep | None
    fields: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Return the title as the checklist's reader knows it."""
        found = self.step or self.definition
        return found.title if found is not None else self.key

    @property
    def new_title(self) -> str:
        """Return the title that the step would take, empty where it keeps its own."""
        if self.definition is None or "title" not in self.fields:
            return ""
        return self.definition.title


@dataclass(frozen=True)
class Adoption:
    """What the current version of the playbook has for one running checklist."""

    checklist: Checklist
    playbook: Playbook
    added: tuple[Offer, ...]
    changed: tuple[Offer, ...]
    removed: tuple[Offer, ...]

    @property
    def offers(self) -> tuple[Offer, ...]:
        return (*self.added, *self.changed, *self.removed)


def newer_version(checklist: Checklist) -> Playbook | None:
    """Return the current version where the checklist was made from an older one."""
    current = Playbook.objects.current().filter(key=checklist.playbook.key).first()
    if current is None or current.pk == checklist.playbook_id:
        return None
    return current


def adoption_of(checklist: Checklist) -> Adoption | None:
    """Return what a newer playbook offers the checklist; None where there is none.

    Steps that are done keep their wording and are not offered; conditions are asked
    with the facts of today.
    """
    playbook, keeping = newer_version(checklist), keepers.keeping_of(checklist)
    if playbook is None or keeping is None:
        return None
    wanted = {
        step.key: step
        for step in playbook.steps.all()
        if condition_holds(step.condition, keeping.facts)
    }
    running = running_steps(checklist)
    return Adoption(
        checklist=checklist,
        playbook=playbook,
        added=tuple(
            Offer(key, None, step) for key, step in wanted.items() if key not in running
        ),
        changed=tuple(changes_of(running, wanted)),
        removed=tuple(
            Offer(key, step, None)
            for key, step in running.items()
            if key not in wanted and step.is_open
        ),
    )


def running_steps(checklist: Checklist) -> dict[str, Step]:
    """Return the latest step of each key that came from a playbook."""
    steps = Step.objects.filter(checklist=checklist, playbook_step__isnull=False)
    rows = steps.exclude(state=StepState.CANCELLED).select_related(
        "anchor", "playbook_step"
    )
    return {step.key: step for step in rows.order_by("period", "again", "pk")}


def changes_of(
    running: dict[str, Step], wanted: dict[str, PlaybookStep]
) -> Iterable[Offer]:
    """Yield the open steps whose wording, owner or date the new version changes."""
    for key, definition in wanted.items():
        step = running.get(key)
        if step is None or not step.is_open:
            continue
        fields = changed_fields(step, definition, TOLD_FIELDS)
        if step.anchor.key != definition.anchor:
            fields = (*fields, "anchor")
        if fields:
            yield Offer(key, step, definition, fields)


@transaction.atomic
def adopt(
    checklist: Checklist,
    keys: Collection[str],
    *,
    version: int,
    by: User,
    now: datetime,
) -> Checklist:
    """Take over the chosen differences; the others are decided too: left as they are.

    domain.md, section 8: a running checklist never changes silently. `version` is the
    one that the person saw. Raises RuleRefused where a newer one came meanwhile.
    """
    checklist = Checklist.objects.select_for_update(of=("self",)).get(pk=checklist.pk)
    adoption, keeping = adoption_of(checklist), keepers.keeping_of(checklist)
    if adoption is None or keeping is None or adoption.playbook.version != version:
        sentence = _("The playbook or the checklist changed meanwhile; look again.")
        raise RuleRefused([Reason("changed", sentence)])
    chosen = set(keys)
    take_changed(adoption, chosen, keeping, now=now)
    take_added(adoption, chosen, keeping, by=by, now=now)
    gone = [offer.key for offer in adoption.removed if offer.key in chosen]
    cancel_steps(Step.objects.filter(checklist=checklist, key__in=gone), now=now)
    point_at_version(checklist, adoption)
    record_adoption(adoption, chosen, by=by, now=now)
    tell_changed([checklist.engagement_id], now)
    return checklist


def take_changed(
    adoption: Adoption, chosen: Collection[str], keeping: Keeping, *, now: datetime
) -> None:
    """Give the chosen open steps their new wording, owner and date."""
    offers = [offer for offer in adoption.changed if offer.key in chosen]
    definitions = [offer.definition for offer in offers if offer.definition]
    anchors = anchors_for(adoption.checklist, definitions)
    for offer in offers:
        if offer.step is None or offer.definition is None:
            continue
        for name in COPIED_FIELDS:
            setattr(offer.step, name, getattr(offer.definition, name))
        offer.step.anchor = anchors[offer.definition.anchor]
        opens_with = offer.definition.opens_with
        offer.step.opening = anchors[opens_with] if opens_with else None
        if "owner_role" in offer.fields:
            take_owner(offer.step, keeping.owners)
        offer.step.save()
    steps = Step.objects.filter(pk__in=[o.step.pk for o in offers if o.step])
    reschedule(steps, now=now)
    link_blockers_anew(adoption.checklist, definitions)


def take_owner(step: Step, owners: Owners) -> None:
    """Give a step to the holder of its new role, or let them chase the contact.

    What was given away by hand stays with whoever has it.
    """
    step.contact = owners.contact_for(step.owner_role)
    if not step.is_delegated:
        owner = assignment_for(step.owner_role, owners)
        step.assignee, step.pool = owner.person, owner.pool


def link_blockers_anew(
    checklist: Checklist, definitions: Collection[PlaybookStep]
) -> None:
    """Let the steps of these definitions wait for what they now wait for."""
    keys = [definition.key for definition in definitions]
    links = Step.blockers.through
    links.objects.filter(
        from_step__checklist=checklist, from_step__key__in=keys
    ).delete()
    link_blockers(list(Step.objects.filter(checklist=checklist)), list(definitions))


def take_added(
    adoption: Adoption,
    chosen: Collection[str],
    keeping: Keeping,
    *,
    by: User,
    now: datetime,
) -> None:
    """Make the chosen new steps; the others stand as not applicable, for later."""
    definitions = [offer.definition for offer in adoption.added if offer.definition]
    if not definitions:
        return
    add_steps(adoption.checklist, definitions, keeping.owners, now=now)
    left = [
        definition.key for definition in definitions if definition.key not in chosen
    ]
    note = _("Left out when version %(n)d of the playbook was taken over.")
    Step.objects.open().filter(checklist=adoption.checklist, key__in=left).update(
        state=StepState.NOT_APPLICABLE,
        next_reminder_at=None,
        note=note % {"n": adoption.playbook.version},
    )


def point_at_version(checklist: Checklist, adoption: Adoption) -> None:
    """Let the checklist and its steps belong to the new version from now on.

    A step that the new version no longer has, and that stays, is its owner's own.
    """
    definitions = {step.key: step.pk for step in adoption.playbook.steps.all()}
    steps = list(Step.objects.filter(checklist=checklist, playbook_step__isnull=False))
    for step in steps:
        step.playbook_step_id = definitions.get(step.key)
    Step.objects.bulk_update(steps, ["playbook_step"], batch_size=100)
    checklist.playbook = adoption.playbook
    checklist.save(update_fields=["playbook"])


def record_adoption(
    adoption: Adoption, chosen: Collection[str], *, by: User, now: datetime
) -> None:
    """Write what was taken over, and what was left, into the history."""
    taken = [offer.title for offer in adoption.offers if offer.key in chosen]
    left = [offer.title for offer in adoption.offers if offer.key not in chosen]
    record(
        "playbook-adopted",
        by=by,
        subject=adoption.checklist,
        engagement=adoption.checklist.engagement,
        changes={"taken_over": [[], taken], "left_as_it_was": [[], left]},
        now=now,
    )
