"""Edit the written process: a draft is changed and then published as a new version."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.playbooks.definitions import StepDefinition
from psdelivery.playbooks.models import Playbook, PlaybookStep
from psdelivery.playbooks.rules.editing import (
    difference_between,
    reasons_against_publishing,
)
from psdelivery.registry import Reason, RuleRefused

COPIED = [
    *[field.name for field in StepDefinition._meta.get_fields()],
    "anchor",
    "blocked_by",
    "condition",
    "process",
]


@transaction.atomic
def start_draft(key: str, *, by: User, now: datetime) -> Playbook:
    """Return the draft of a playbook, made from the current version if there is none.

    One draft a playbook: a second person goes on with the first one's.
    """
    current = Playbook.objects.current().select_for_update().get(key=key)
    draft = Playbook.objects.filter(key=key, is_draft=True).first()
    if draft is not None:
        return draft
    draft = copy_of(current, by=by, now=now)
    record("playbook-draft-started", by=by, subject=draft, now=now)
    return draft


def copy_of(playbook: Playbook, *, by: User, now: datetime) -> Playbook:
    """Save a draft with the steps of another version."""
    versions = Playbook.objects.filter(key=playbook.key)
    newest = versions.aggregate(newest=Max("version"))["newest"]
    draft = Playbook.objects.create(
        key=playbook.key,
        title=playbook.title,
        for_kind=playbook.for_kind,
        version=newest + 1,
        is_current=False,
        is_draft=True,
        edited_at=now,
        edited_by=by,
    )
    PlaybookStep.objects.bulk_create(
        PlaybookStep(playbook=draft, **{name: getattr(step, name) for name in COPIED})
        for step in playbook.steps.all()
    )
    return draft


def lock_draft(draft: Playbook) -> Playbook:
    """Read the draft anew; raise RuleRefused where it was published or thrown away."""
    found = Playbook.objects.select_for_update().filter(pk=draft.pk, is_draft=True)
    locked = found.first()
    if locked is None:
        sentence = _("This draft was published or thrown away meanwhile.")
        raise RuleRefused([Reason("no-draft", sentence)])
    return locked


def touch(draft: Playbook, *, by: User, now: datetime) -> None:
    """Note who changed the draft last."""
    draft.edited_at, draft.edited_by = now, by
    draft.save(update_fields=["edited_at", "edited_by"])


@transaction.atomic
def save_draft_step(step: PlaybookStep, *, by: User, now: datetime) -> PlaybookStep:
    """Save a new or changed step of a draft; a new one stands last in its phase."""
    draft = lock_draft(step.playbook)
    if step.pk is None:
        last = draft.steps.aggregate(last=Max("order"))["last"]
        step.order = 0 if last is None else last + 1
    step.save()
    touch(draft, by=by, now=now)
    return step


@transaction.atomic
def remove_draft_step(step: PlaybookStep, *, by: User, now: datetime) -> None:
    """Take a step out of a draft; nothing waits for it any more."""
    draft = lock_draft(step.playbook)
    for other in draft.steps.exclude(pk=step.pk):
        if step.key in other.blocked_by:
            other.blocked_by = [key for key in other.blocked_by if key != step.key]
            other.save(update_fields=["blocked_by"])
    step.delete()
    touch(draft, by=by, now=now)


@transaction.atomic
def shift_draft_step(step: PlaybookStep, *, up: bool, by: User, now: datetime) -> None:
    """Let a step change places with its neighbour of the same phase."""
    draft = lock_draft(step.playbook)
    row = list(draft.steps.filter(phase=step.phase).order_by("order", "pk"))
    place = row.index(step)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(row):
        return
    row[place], row[other] = row[other], row[place]
    orders = sorted(item.order for item in row)
    for item, order in zip(row, orders, strict=True):
        item.order = order
    PlaybookStep.objects.bulk_update(row, ["order"])
    touch(draft, by=by, now=now)


@transaction.atomic
def note_draft(
    draft: Playbook, note: str, *, title: str, by: User, now: datetime
) -> Playbook:
    """Keep the draft's title and what it changes and why, for who publishes it."""
    draft = lock_draft(draft)
    draft.note, draft.title = note, title
    draft.save(update_fields=["note", "title"])
    touch(draft, by=by, now=now)
    return draft


@transaction.atomic
def publish_draft(draft: Playbook, *, by: User, now: datetime) -> Playbook:
    """Make the draft the version that new checklists are made from.

    Running checklists keep theirs; the difference is offered to each (section 8).
    Raises RuleRefused for a draft that says nothing new, lacks its note, or is broken.
    """
    draft = lock_draft(draft)
    current = Playbook.objects.current().select_for_update().get(key=draft.key)
    steps = list(draft.steps.all())
    reasons = reasons_against_publishing(steps)
    difference = difference_between(current.steps.all(), steps)
    if difference.is_empty and draft.title == current.title:
        sentence = _("The draft says the same as the current version.")
        reasons.append(Reason("nothing-new", sentence))
    if not draft.note.strip():
        reasons.append(Reason("note-missing", _("Say what changes, and why.")))
    if reasons:
        raise RuleRefused(reasons)
    Playbook.objects.filter(pk=current.pk).update(is_current=False)
    draft.is_draft, draft.is_current = False, True
    draft.save(update_fields=["is_draft", "is_current"])
    touch(draft, by=by, now=now)
    record(
        "playbook-published",
        by=by,
        subject=draft,
        changes={"version": [current.version, draft.version]},
        reason=draft.note,
        now=now,
    )
    return draft


@transaction.atomic
def discard_draft(draft: Playbook, *, by: User, now: datetime) -> None:
    """Throw a draft away; the history keeps who and what it was about."""
    draft = lock_draft(draft)
    record("playbook-draft-discarded", by=by, subject=draft, reason=draft.note, now=now)
    draft.delete()
