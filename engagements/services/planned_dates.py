"""The planned start and end as anchors: dates that count once they may be promised."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.settings import USUAL_LENGTH
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.choices import MoveCause
from psdelivery.playbooks.models import Anchor, Move
from psdelivery.playbooks.services.checklists import set_anchor
from psdelivery.playbooks.services.moves import (
    AnchorChange,
    apply_moves,
    register_undo,
)
from psdelivery.registry import Reason

KIND = "planned-days"
PLANNED = ("wished_start", "wished_start_latest", "planned_end")


def planned_dates(
    engagement: Engagement, *, is_open: bool, usual_days: int
) -> dict[str, date | None]:
    """Return the days of the anchors `planned_start` and `planned_end`.

    R-2 promises no date before the gate is open, so no step is late by a date that
    was only wished for. Where nobody planned an end, the usual length (days) after
    the start stands in, so that the closing steps have a date to be moved from.
    """
    if not is_open:
        return {"planned_start": None, "planned_end": None}
    start, end = engagement.wished_start, engagement.planned_end
    if end is None and start is not None:
        end = start + timedelta(days=usual_days)
    return {"planned_start": start, "planned_end": end}


def planned_changes(engagement: Engagement) -> list[AnchorChange]:
    """Return the anchors of the planned days that differ from the intake (R-20)."""
    dated = Anchor.objects.filter(checklist=engagement.checklist_id)
    # Not asked of the gate: what was promised while it was open stays promised when
    # work at risk runs out.
    opened = dated.filter(key="gate_open", moment__isnull=False)
    planned = planned_dates(
        engagement,
        is_open=opened.exists(),
        usual_days=portal_settings()[USUAL_LENGTH],
    )
    return [
        AnchorChange(anchor, planned[anchor.key])
        for anchor in dated.filter(key__in=planned).select_related("checklist")
        if anchor.value != planned[anchor.key]
    ]


@dataclass(frozen=True, kw_only=True)
class Replanning:
    """Planned days that somebody changes: how they were, why, and what is exempted."""

    before: Mapping[str, date | None]
    reason: str = ""
    cause: str = MoveCause.OTHER
    exempt: Collection[int] = ()


def follow_planned_dates(
    engagement: Engagement,
    *,
    by: User | None,
    reason: str = "",
    now: datetime,
    replanning: Replanning | None = None,
) -> None:
    """R-20: let the anchors follow the intake and the gate; open steps move.

    With `replanning` it is one move that can be undone; else it follows from
    something else, such as the gate or a booking, which `reason` may name.
    """
    checklist = engagement.checklist
    if checklist is None:
        return
    changes = planned_changes(engagement)
    moves = [c for c in changes if c.anchor.value is not None and c.to is not None]
    for change in changes:
        if change not in moves or replanning is None:
            key = change.anchor.key
            set_anchor(checklist, key, change.to, by=by, reason=reason, now=now)
    if moves and replanning is not None:
        apply_moves(
            moves,
            checklist=checklist,
            exempt=replanning.exempt,
            by=by,
            reason=replanning.reason,
            cause=replanning.cause,
            now=now,
            kind=KIND,
            title=str(engagement),
            payload=payload_of(engagement, replanning),
        )


def date_planned_start(
    engagement: Engagement,
    day: date,
    *,
    by: User | None,
    reason: str,
    now: datetime,
) -> None:
    """Give an intake without a start its first one; what hangs on it gets its dates.

    Called with the engagement locked. While the gate is closed only the intake has the
    day: R-2 promises none until it opens.
    """
    engagement.wished_start = day
    engagement.save(update_fields=["wished_start"])
    record(
        "engagement-edited",
        by=by,
        subject=engagement,
        engagement=engagement,
        changes={"wished_start": [None, day]},
        reason=reason,
        now=now,
    )
    follow_planned_dates(engagement, by=by, reason=reason, now=now)


def payload_of(engagement: Engagement, replanning: Replanning) -> dict[str, Any]:
    """Return the planned days before and after, to put them back."""
    return {
        "engagement": engagement.pk,
        "before": {name: told(day) for name, day in replanning.before.items()},
        "after": {name: told(getattr(engagement, name)) for name in PLANNED},
    }


def told(day: date | None) -> str | None:
    return day.isoformat() if day else None


def reasons_against_replanning_back(move: Move, now: datetime) -> list[Reason]:
    """R-20: return a reason where the intake was changed after the move."""
    engagement = Engagement.objects.get(pk=move.payload["engagement"])
    if all(told(getattr(engagement, n)) == move.payload["after"][n] for n in PLANNED):
        return []
    sentence = _("The planned days were changed since.")
    return [Reason("replanned", sentence, engagement.get_absolute_url())]


def put_planned_back(move: Move, *, by: User, now: datetime) -> None:
    """Give the intake the planned days that it had before the move."""
    before = {
        name: date.fromisoformat(day) if day else None
        for name, day in move.payload["before"].items()
    }
    Engagement.objects.filter(pk=move.payload["engagement"]).update(**before)


def register_planned_undo() -> None:
    """Let the planned days be put back when their move is undone."""
    register_undo(KIND, put_planned_back, against=reasons_against_replanning_back)
