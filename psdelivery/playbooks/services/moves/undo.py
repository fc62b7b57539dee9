"""R-20: take a move back while nothing has left and nothing was booked on top."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from psdelivery.history.services import record
from psdelivery.outbox.choices import InvitationState, State
from psdelivery.outbox.invitations import (
    cancel_invitation,
    invitations_about,
    letters_about,
    letters_since,
)
from psdelivery.outbox.models import Message
from psdelivery.people.models import User
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.events import AnchorMoved, MoveUndone, tell_changed
from psdelivery.playbooks.models import Anchor, Checklist, Move, Step, StepQuerySet
from psdelivery.playbooks.rules.moves import (
    leaves_at as rule_of_leaving,
)
from psdelivery.playbooks.rules.moves import (
    reasons_against_time,
    reasons_of_changed_steps,
    reasons_of_sent,
)
from psdelivery.playbooks.services.anchors import value_in
from psdelivery.playbooks.services.moves.record import (
    ANCHOR_FIELDS,
    STEP_FIELDS,
    TELLING_FIELDS,
    is_as_left,
    put_values,
)
from psdelivery.playbooks.services.writing import write_fields
from psdelivery.playbooks.settings import URGENT_HOURS
from psdelivery.registry import Reason, RuleRefused, reactions

Restore = Callable[..., None]
Against = Callable[[Move, datetime], list[Reason]]
# The move -> mails that tell its new dates, whether they left or not.
Told = Callable[[Move], QuerySet[Message]]
OUT = [State.SENT, State.KEPT, State.ELSEWHERE]
# Nobody knows yet, or ever, whether these arrived.
LEAVING = [State.SENDING, State.NEEDS_LOOK]


@dataclass(frozen=True)
class UndoHandler:
    """How a place puts its own record back, and what it has against that.

    `told` finds the mails about that record, which tell the dates of the move.
    """

    restore: Restore
    against: Against
    told: Told


_handlers: dict[str, UndoHandler] = {}


def nothing_against(move: Move, now: datetime) -> list[Reason]:
    return []


def nobody_told(move: Move) -> QuerySet[Message]:
    return Message.objects.none()


def register_undo(
    kind: str,
    restore: Restore,
    *,
    against: Against = nothing_against,
    told: Told = nobody_told,
) -> None:
    """Let a place put back the record that moves of this kind changed.

    `restore(move, by=…, now=…)` runs in the transaction of the undo, after dates and
    steps are back; `against(move, now)` gives the place's reasons against it, and
    `told(move)` the mails about its record that tell the new dates: once one of them
    has left, the move stays. Mails of the moved steps, and invitations about them or
    about the moved anchors, are found without it.
    """
    _handlers[kind] = UndoHandler(restore, against, told)


def leaves_at(move: Move, event_at: datetime) -> datetime:
    """R-20: return when mail that the move causes may leave (`next_attempt_at`).

    After the undo window; at once where the event is within *48* hours of the move.
    """
    hours = portal_settings()[URGENT_HOURS]
    return rule_of_leaving(move.at, move.undo_until, event_at, urgent_hours=hours)


def reasons_against_undo(move: Move, *, now: datetime) -> list[Reason]:
    """R-20: return what stands against taking the move back.

    It was taken back, it is too late, something left, or something was booked on top.
    """
    return _reasons_against(move, steps_of(move), now)


def _reasons_against(move: Move, steps: Iterable[Step], now: datetime) -> list[Reason]:
    zone = move.by.zone if move.by else portal_settings().company_calendar.zone
    late = reasons_against_time(move.undo_until, move.undone_at, zone=zone, now=now)
    if late:
        return late
    handler = _handlers.get(move.kind)
    return [
        *reasons_of_sent(mails_that_left(move)),
        *reasons_of_changed_steps(steps_changed_since(move, steps)),
        *reasons_of_anchors(move),
        *(handler.against(move, now) if handler else []),
    ]


def mails_that_left(move: Move) -> list[Message]:
    """Return the mails that told the new dates and left, or may have, since the move.

    Those of its steps, invitations to what moved, and what the place whose record
    was moved knows of. Any other mail of the engagement is none of its business.
    """
    left = Q(state__in=OUT, sent_at__gte=move.at) | Q(
        state__in=LEAVING, lease_until__gte=move.at
    )
    left |= Q(state__in=OUT, sent_at=None, created_at__gte=move.at)
    found = {mail.pk: mail for mails in mails_of(move) for mail in mails.filter(left)}
    return sorted(found.values(), key=lambda mail: (mail.sent_at or move.at, mail.pk))


def mails_of(move: Move) -> list[QuerySet[Message]]:
    """Return the mails that tell the dates of the move, whatever became of them."""
    handler = _handlers.get(move.kind)
    return [
        Message.objects.filter(step__in=[int(pk) for pk in move.record["steps"]]),
        letters_about(moved_records(move), since=move.at),
        handler.told(move) if handler else nobody_told(move),
    ]


def moved_records(move: Move) -> list[Model]:
    """Return the anchors and steps that the move changed, by their keys alone."""
    anchors = [Anchor(pk=int(pk)) for pk in move.record["anchors"]]
    return [*anchors, *(Step(pk=int(pk)) for pk in move.record["steps"])]


def steps_of(move: Move) -> StepQuerySet:
    """Return the steps that the move changed or made."""
    return Step.objects.filter(pk__in=[int(pk) for pk in move.record["steps"]])


def steps_changed_since(move: Move, steps: Iterable[Step]) -> list[Step]:
    """Return those of the move's steps that are no longer as it left them."""
    told = move.record["steps"]
    origins = Step.objects.filter(pk__in=move.record["again"].values())
    return [
        *(
            step
            for step in steps
            if not is_as_left(step, told[str(step.pk)]["after"], TELLING_FIELDS)
        ),
        *(step for step in origins if step.is_open),
    ]


def reasons_of_anchors(move: Move) -> list[Reason]:
    """R-20: refuse an undo where one of the dates was moved again."""
    told = move.record["anchors"]
    anchors = Anchor.objects.filter(pk__in=[int(pk) for pk in told])
    if all(
        is_as_left(anchor, told[str(anchor.pk)]["after"], ["day", "moment"])
        for anchor in anchors
    ):
        return []
    sentence = _("The date was moved again since: undo that move first.")
    return [Reason("moved-again", sentence)]


@transaction.atomic
def undo_move(move: Move, *, by: User, now: datetime) -> Move:
    """R-20: take a move back; raises RuleRefused with what stands against it.

    Dates, pins and periods are as before, what came back as "Re-send …" is cancelled.
    It is a move of its own, which cannot be undone, and one event in the history.
    """
    move = Move.objects.select_for_update(of=("self",)).get(pk=move.pk)
    steps = lock_rows(move)
    reasons = _reasons_against(move, steps, now)
    if reasons:
        raise RuleRefused(reasons)
    put_back(move, steps)
    tell_changed((step.engagement_id for step in steps), now)
    cancel_mails(move)
    cancel_invitations(move, by=by, now=now)
    move.undone_at, move.undone_by = now, by
    move.save(update_fields=["undone_at", "undone_by"])
    handler = _handlers.get(move.kind)
    if handler is not None:
        handler.restore(move, by=by, now=now)
    return tell_undone(move, by=by, now=now)


def lock_rows(move: Move) -> list[Step]:
    """Lock the steps in the order in which a move locks them; return them."""
    return list(steps_of(move).select_for_update(of=("self",)).order_by("pk"))


def put_back(move: Move, steps: list[Step]) -> None:
    """Write dates, zones and steps as they were before the move."""
    anchors = list(Anchor.objects.filter(pk__in=move.record["anchors"]))
    for anchor in anchors:
        put_values(anchor, move.record["anchors"][str(anchor.pk)]["before"])
    write_fields(anchors, ANCHOR_FIELDS)
    zones = move.record["zones"]
    checklists = list(Checklist.objects.filter(pk__in=zones))
    for checklist in checklists:
        checklist.zone = zones[str(checklist.pk)][0]
    write_fields(checklists, ["zone"])
    for step in steps:
        put_values(step, move.record["steps"][str(step.pk)]["before"])
    write_fields(steps, STEP_FIELDS)


def cancel_mails(move: Move) -> None:
    """Keep back what was drafted since for steps that are no longer wanted."""
    drafted = Message.objects.filter(
        step__in=[int(pk) for pk in move.record["again"]],
        state__in=[State.DRAFT, State.READY, State.STALE],
    )
    drafted.update(state=State.CANCELLED)


def cancel_invitations(move: Move, *, by: User, now: datetime) -> None:
    """R-20: keep back the invitations that would tell a date which is none any more.

    Nobody has heard of the new date, else the move would stay. A meeting that was
    called only after the move is called off; one of before keeps the letters that
    have left, and with them its old date in the calendars.
    """
    invitations = list(invitations_about(moved_records(move)).order_by("pk"))
    waiting = letters_since(invitations, move.at).filter(state=State.READY)
    waiting.update(state=State.CANCELLED)
    for invitation in invitations:
        is_active = invitation.state == InvitationState.ACTIVE
        if is_active and invitation.created_at >= move.at:
            cancel_invitation(invitation, by=by, now=now)


def tell_undone(move: Move, *, by: User, now: datetime) -> Move:
    """Keep the undo as a move of its own, tell the history and the other places."""
    undo = Move.objects.create(
        kind=move.kind,
        title=move.title,
        engagement_id=move.engagement_id,
        checklist_id=move.checklist_id,
        at=now,
        by=by,
        cause=move.cause,
        record=empty_record(),
        undo_until=now,
        undo_of=move,
    )
    dates = {
        told["key"]: [value_in(told["after"]), value_in(told["before"])]
        for told in move.record["anchors"].values()
    }
    record(
        "move-undone",
        by=by,
        subject=move,
        engagement=move.engagement,
        changes=dates,
        now=now,
    )
    publish_undone(move, by=by, now=now)
    return undo


def empty_record() -> dict[str, Any]:
    """Return the record of a move that changed nothing by itself."""
    names = ("anchors", "zones", "steps", "kinds", "again")
    return {name: {} for name in names} | {"pinned": [], "exempted": []}


def publish_undone(move: Move, *, by: User, now: datetime) -> None:
    """Say of each date that it is back, then that the move was undone."""
    told = move.record["anchors"]
    anchors = Anchor.objects.filter(pk__in=told).select_related("checklist")
    for anchor in anchors:
        moved = Anchor()
        put_values(moved, told[str(anchor.pk)]["after"])
        reactions.publish(
            AnchorMoved(
                anchor.checklist, anchor.key, moved.value, anchor.value, by, now
            )
        )
    reactions.publish(MoveUndone(move=move, by=by, now=now))
