"""Sold units: what the paper sells, what has dates, and the warning before they go."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.choices import UnitKind
from engagements.models import Engagement, SoldUnits
from engagements.owners import owners_of
from engagements.queries import step_of
from engagements.registry import facts
from engagements.rules.changes import Units, UsedUnits, units_left
from engagements.services.facts import checklist_facts
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.checklists import set_anchor
from psdelivery.playbooks.services.facts import adapt_checklist
from psdelivery.playbooks.services.steps import complete_step, reopen_step

STEP = "units-dated"
ANCHOR = "use_by"


def units_of(engagement: Engagement) -> list[Units]:
    """Return the sold units with what became of them, counted where a place counts."""
    used = facts.read(UsedUnits, engagement)
    return [units_from(row, used) for row in engagement.units.all()]


def units_from(row: SoldUnits, used: UsedUnits | None) -> Units:
    """Return a row with the numbers of the place that counts this kind."""
    kind = UnitKind(row.kind)
    if used is None or kind not in used.dated:
        return Units(kind, row.sold, row.dated, row.held)
    dated, held = used.dated[kind], used.held.get(kind, 0)
    return Units(kind, row.sold, dated, held, is_counted=True)


@transaction.atomic
def set_units(
    engagement: Engagement, rows: Iterable[SoldUnits], *, by: User, now: datetime
) -> None:
    """Replace the sold units by these (unsaved) rows; the warning follows."""
    Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)
    old = [str(row) for row in engagement.units.all()]
    engagement.units.all().delete()
    kept = list(rows)
    for row in kept:
        row.engagement = engagement
    SoldUnits.objects.bulk_create(kept)
    record(
        "units-changed",
        by=by,
        subject=engagement,
        engagement=engagement,
        changes={"units": [old, [str(row) for row in kept]]},
        now=now,
    )
    follow_units(engagement, by=by, now=now)


def follow_units(engagement: Engagement, *, by: User | None, now: datetime) -> None:
    """Date the use-by anchor, and tick its step once every unit has a date.

    domain.md, section 1: warnings 120/60/30 days before use-by while units are
    undated. The playbook engine sends them; a unit that loses its date brings the
    step back.
    """
    checklist = engagement.checklist
    if checklist is None:
        return
    units = units_of(engagement)
    adapt_to_units(engagement, bool(units), now=now)
    step = step_of(engagement, STEP)
    if step is None:
        return
    use_by = engagement.paper.use_by if units else None
    set_anchor(checklist, ANCHOR, use_by, by=by, now=now)
    settle_step(step, units_left(units), by=by, now=now)


def adapt_to_units(engagement: Engagement, has_units: bool, *, now: datetime) -> None:
    """Let the conditional step come with the first unit and go with the last."""
    checklist, step = engagement.checklist, step_of(engagement, STEP)
    if checklist is not None and (step is not None) != has_units:
        facts_now, owners = checklist_facts(engagement), owners_of(engagement)
        adapt_checklist(checklist, facts_now, owners, now=now)


def settle_step(step: Step, left: int, *, by: User | None, now: datetime) -> None:
    """Tick the step when no unit is left without a date, or bring it back."""
    if left == 0 and step.is_open:
        note = Completion(note=_("Every sold unit has a date."))
        complete_step(step, note, by=by, now=now)
    elif left and step.state == StepState.DONE:
        reopen_step(step, by=by, reason=_("A sold unit has no date."), now=now)
