"""R-20: move dates, with everything that hangs on them, in one transaction."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import Truncator

from psdelivery.history.services import Changes, record
from psdelivery.people.models import User
from psdelivery.playbooks.choices import MoveCause
from psdelivery.playbooks.events import AnchorMoved, DatesMoved, tell_changed
from psdelivery.playbooks.models import Checklist, Move
from psdelivery.playbooks.rules.moves import LineKind
from psdelivery.playbooks.services.moves.plan import Change, Plan, Planned, read_plan
from psdelivery.playbooks.services.moves.record import (
    ANCHOR_FIELDS,
    STEP_FIELDS,
    anchor_change,
    change_of,
)
from psdelivery.playbooks.services.writing import insert_rows, write_fields
from psdelivery.registry import reactions

KIND = "anchor"
TITLE_LENGTH = 200
# What is written: the other steps stay as they are.
SAVED = frozenset(
    {
        LineKind.MOVES,
        LineKind.EXEMPT,
        LineKind.ENDS,
        LineKind.AGAIN,
        LineKind.RETURNS,
    }
)
# These columns tell steps apart (step_once_per_period).
TOLD_BY = ["checklist_id", "key", "period", "again"]


@transaction.atomic
def apply_moves(
    changes: Iterable[Change],
    *,
    checklist: Checklist,
    exempt: Collection[int] = (),
    by: User | None,
    reason: str = "",
    cause: str = MoveCause.OTHER,
    now: datetime,
    kind: str = KIND,
    title: str = "",
    payload: Mapping[str, Any] | None = None,
    told: Changes | None = None,
    verb: str = "anchor-moved",
    undoable: bool = True,
) -> Move:
    """R-20: move the dates; open steps go along, done ones may come back.

    Pinned steps stay, those of `exempt` are pinned where they are. The move belongs
    to `checklist`; `kind` and `payload` are for the place whose record was moved
    (`register_undo`), `verb` and `told` for the history, which gets one event. The
    number of queries is the same for 10 and for 1,000 steps.
    """
    plan = carry_out(changes, exempt=exempt, now=now)
    move = Move.objects.create(
        kind=kind,
        title=Truncator(title or str(checklist)).chars(TITLE_LENGTH),
        engagement_id=checklist.engagement_id,
        checklist=checklist,
        at=now,
        by=by,
        cause=cause,
        reason=reason,
        record=record_of(plan),
        payload=dict(payload or {}),
        undo_until=plan.undo_until if undoable else now,
    )
    tell(move, plan, verb, told or {})
    return move


def carry_out(
    changes: Iterable[Change], *, exempt: Collection[int] = (), now: datetime
) -> Plan:
    """Lock, work out and save what the changes take along; no history, no move."""
    plan = read_plan(changes, exempt=exempt, now=now, locked=True)
    write_fields([anchor.after for anchor in plan.anchors], ANCHOR_FIELDS)
    write_zones(plan)
    changed = [e.after for e in saved_of(plan) if not e.is_new]
    write_fields(changed, STEP_FIELDS)
    insert_rows([e.after for e in plan.entries if e.is_new], TOLD_BY)
    tell_changed((e.after.engagement_id for e in plan.entries), now)
    return plan


def saved_of(plan: Plan) -> list[Planned]:
    """Return the steps that the move changes or makes."""
    return [e for e in plan.entries if e.kind in SAVED or opens_anew(e, plan)]


def opens_anew(entry: Planned, plan: Plan) -> bool:
    """Tell whether a step that keeps its date opens, and so reminds, anew."""
    moved = {anchor.after.pk for anchor in plan.anchors}
    return entry.kind == LineKind.STAYS and entry.after.opening_id in moved


def write_zones(plan: Plan) -> None:
    """Save the zones of checklists that are counted in another one."""
    for zone in plan.zones:
        zone.checklist.zone = zone.new
    write_fields([zone.checklist for zone in plan.zones], ["zone"])


def record_of(plan: Plan) -> dict[str, Any]:
    """Return what is needed to undo the move, and to tell of it."""
    saved = saved_of(plan)
    exempted = plan.of(LineKind.EXEMPT, LineKind.NOT_AGAIN)
    return {
        "anchors": {
            str(anchor.after.pk): anchor_change(anchor.before, anchor.after)
            for anchor in plan.anchors
        },
        "zones": {str(zone.checklist.pk): [zone.old, zone.new] for zone in plan.zones},
        "steps": {str(e.after.pk): step_change(e) for e in saved},
        "kinds": {str(e.after.pk): str(e.kind) for e in saved},
        "again": {str(e.after.pk): e.before.pk for e in plan.of(LineKind.AGAIN)},
        "pinned": [entry.before.pk for entry in plan.of(LineKind.PINNED)],
        "exempted": [entry.before.pk for entry in exempted],
    }


def step_change(entry: Planned) -> dict[str, Any]:
    """Return how a step was and is; a new one was not there before."""
    return change_of(None if entry.is_new else entry.before, entry.after)


def counts_of(move: Move) -> dict[str, int]:
    """Return how many steps a move took along, by what became of them."""
    kinds = list(move.record["kinds"].values())
    counted = {
        "steps": kinds.count(LineKind.MOVES),
        "re-sends": kinds.count(LineKind.AGAIN),
        "exempted": len(move.record["exempted"]),
        "cancelled": kinds.count(LineKind.ENDS),
        "returned": kinds.count(LineKind.RETURNS),
    }
    return {name: count for name, count in counted.items() if count}


def tell(move: Move, plan: Plan, verb: str, told: Changes) -> None:
    """Write the one event of the move, and let other places follow."""
    dates = {a.move.key: [a.move.old, a.move.new] for a in plan.anchors}
    counts = {name: ["", str(count)] for name, count in counts_of(move).items()}
    record(
        verb,
        by=move.by,
        subject=move,
        engagement=move.engagement,
        changes={**(told or dates), **counts, "cause": ["", move.cause]},
        reason=move.reason,
        now=move.at,
    )
    publish_anchors(plan, by=move.by)
    reactions.publish(DatesMoved(move=move, by=move.by, now=move.at))


def publish_anchors(plan: Plan, *, by: User | None) -> None:
    """Say of each date that it moved, for places that keep it themselves."""
    for anchor in plan.anchors:
        reactions.publish(
            AnchorMoved(
                checklist=anchor.after.checklist,
                key=anchor.move.key,
                old=anchor.move.old,
                new=anchor.move.new,
                by=by,
                now=plan.now,
            )
        )
