"""Take work up again after a hold: open steps move by the length of it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from engagements.rules.holds import KEPT_ANCHORS, later_by
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.playbooks.choices import MoveCause, StepState
from psdelivery.playbooks.models import Anchor, Move
from psdelivery.playbooks.services.moves import (
    AnchorChange,
    apply_moves,
    register_undo,
)

RESUME = "engagement-resumed"
TITLE = _("Resumed: %(engagement)s")
# Which dates of the intake an anchor stands for, and what moves with them.
DATES_OF_ANCHOR: Mapping[str, tuple[str, ...]] = {
    "planned_start": ("wished_start", "wished_start_latest", "planned_end"),
    "planned_end": ("planned_end",),
}


def anchors_with_open_steps(engagement: Engagement) -> QuerySet[Anchor]:
    """Return the engagement's own dated anchors on which something open hangs.

    Classes keep their dates: they are moved on their own page. Work at risk (R-3)
    keeps its last day, and with it the step that warns.
    """
    warnings = engagement.risks.filter(warning_step__isnull=False)
    own = Anchor.objects.filter(checklist=engagement.checklist_id).exclude(
        pk__in=warnings.order_by().values("warning_step__anchor")
    )
    waiting = own.filter(steps__state=StepState.OPEN).exclude(key__in=KEPT_ANCHORS)
    dated = waiting.exclude(day=None, moment=None)
    return dated.select_related("checklist").distinct()


def shifts_of(engagement: Engagement, days: int) -> list[AnchorChange]:
    """Return the changes that move the open steps by so many days."""
    if days <= 0 or engagement.checklist_id is None:
        return []
    zone = engagement.customer.zone
    return [
        AnchorChange(anchor, later_by(anchor.value, days, zone))
        for anchor in anchors_with_open_steps(engagement)
        if anchor.value is not None
    ]


def shift_open_steps(
    engagement: Engagement,
    days: int,
    *,
    exempt: Collection[int] = (),
    by: User | None,
    reason: str,
    now: datetime,
) -> Move | None:
    """Move the open steps by so many days (R-20); None where nothing moves.

    domain.md, section 0; inside the caller's transaction. The dates of the intake go
    along, so that a later edit does not move the steps back.
    """
    changes = shifts_of(engagement, days)
    if not changes or engagement.checklist is None:
        return None
    keys = {change.anchor.key for change in changes}
    fields = shift_intake(engagement, keys, days)
    return apply_moves(
        changes,
        checklist=engagement.checklist,
        exempt=exempt,
        by=by,
        reason=reason,
        cause=MoveCause.OTHER,
        now=now,
        kind=RESUME,
        title=str(TITLE % {"engagement": engagement}),
        payload={"engagement": engagement.pk, "fields": fields},
    )


def shift_intake(
    engagement: Engagement, keys: Collection[str], days: int
) -> dict[str, list[str]]:
    """Move the dates of the intake that anchors stand for; return before and after."""
    names = {name for key in keys for name in DATES_OF_ANCHOR.get(key, ())}
    told = {}
    for name in sorted(names):
        day: date | None = getattr(engagement, name)
        if day is not None:
            new = later_by(day, days, engagement.customer.zone)
            setattr(engagement, name, new)
            told[name] = [day.isoformat(), new.isoformat()]
    engagement.save(update_fields=list(told))
    return told


def put_intake_back(move: Move, *, by: User, now: datetime) -> None:
    """Put the dates of the intake back when the move is undone."""
    payload: dict[str, Any] = move.payload
    engagement = Engagement.objects.select_for_update(of=("self",)).get(
        pk=payload["engagement"]
    )
    changes: dict[str, list[object]] = {}
    for name, (before, after) in payload["fields"].items():
        if getattr(engagement, name) == date.fromisoformat(after):
            setattr(engagement, name, date.fromisoformat(before))
            changes[name] = [date.fromisoformat(after), date.fromisoformat(before)]
    if changes:
        engagement.save(update_fields=list(changes))
        record(
            "engagement-edited",
            by=by,
            subject=engagement,
            engagement=engagement,
            changes=changes,
            now=now,
        )


def register_holds() -> None:
    """Let the playbook engine undo what resuming moved."""
    register_undo(RESUME, put_intake_back)
