"""What a planning meeting does to the checklists of its classes, and the other way."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.playbooks.choices import MoveCause, StepState
from psdelivery.playbooks.models import Anchor, Step, StepQuerySet
from psdelivery.playbooks.rules.completion import Completion, reasons_against_completing
from psdelivery.playbooks.services.checklists import cancel_steps, set_anchor
from psdelivery.playbooks.services.moves import AnchorChange, apply_moves
from psdelivery.playbooks.services.steps import complete_step, reopen_step
from training.choices import StepKey
from training.models import Delivery, PlanningMeeting

ANCHOR = "planning_meeting"


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Why a meeting is moved, and which steps keep their dates (R-20)."""

    reason: str = ""
    cause: str = MoveCause.OTHER
    exempt: Collection[int] = ()


def anchor_changes(
    deliveries: Iterable[Delivery], starts_at: datetime
) -> list[AnchorChange]:
    """Return the dates of the classes that move with the meeting (one query)."""
    lists = [one.checklist_id for one in deliveries if one.checklist_id]
    anchors = Anchor.objects.filter(checklist__in=lists, key=ANCHOR)
    found = anchors.select_related("checklist").order_by("pk")
    return [
        AnchorChange(anchor, starts_at)
        for anchor in found
        if anchor.value is not None and anchor.value != starts_at
    ]


def date_classes(
    meeting: PlanningMeeting,
    deliveries: Collection[Delivery],
    moved: Moved,
    *,
    by: User,
    now: datetime,
) -> None:
    """Date the planning of the classes by the meeting, and tick that it is booked.

    R-20: dates that were there move together, as one move. Nothing undoes it: the
    invitations have left.
    """
    changes = anchor_changes(deliveries, meeting.starts_at)
    if changes:
        apply_moves(
            changes,
            checklist=changes[0].anchor.checklist,
            exempt=moved.exempt,
            by=by,
            reason=moved.reason,
            cause=moved.cause,
            now=now,
            title=str(meeting),
            undoable=False,
        )
    for delivery in deliveries:
        if delivery.checklist is not None:
            date_class(delivery, meeting, by=by, now=now)


def date_class(
    delivery: Delivery, meeting: PlanningMeeting, *, by: User, now: datetime
) -> None:
    """Give a class the date of its planning where it has none, and tick the booking."""
    checklist = delivery.checklist
    assert checklist is not None, "asked for by the caller"  # noqa: S101 (types)
    if checklist.anchors.filter(key=ANCHOR, day=None, moment=None).exists():
        set_anchor(checklist, ANCHOR, meeting.starts_at, by=by, now=now)
    day = local_day(meeting.starts_at, checklist.zone)
    completion = Completion(happened_on=day, follows_record=True)
    for step in steps_of(delivery, StepKey.PLANNING_BOOKED).open():
        if not reasons_against_completing(step, completion):
            complete_step(step, completion, by=by, now=now)


def undate_classes(
    deliveries: Iterable[Delivery], *, by: User, reason: str, now: datetime
) -> None:
    """Let classes be without a planning meeting again: it is to be booked."""
    for delivery in deliveries:
        if delivery.checklist is None:
            continue
        for key in (StepKey.PLANNING_BOOKED, StepKey.PLANNING_ACCEPTED):
            reopen(delivery, key, by=by, reason=reason, now=now)
        set_anchor(delivery.checklist, ANCHOR, None, by=by, reason=reason, now=now)


def reopen_accepted(
    meeting: PlanningMeeting,
    *,
    trainer: User | None = None,
    by: User,
    reason: str,
    now: datetime,
) -> None:
    """Let the trainers say again that they can come; of one alone, where named."""
    classes = meeting.deliveries.select_related("checklist")
    if trainer is not None:
        classes = classes.filter(trainer=trainer)
    for delivery in classes:
        reopen(delivery, StepKey.PLANNING_ACCEPTED, by=by, reason=reason, now=now)


def reopen(
    delivery: Delivery, key: str, *, by: User, reason: str, now: datetime
) -> None:
    """Open a done step of the class again."""
    for step in steps_of(delivery, key).filter(state=StepState.DONE):
        reopen_step(step, by=by, reason=reason, now=now)


def accept_for(
    meeting: PlanningMeeting, trainer: User, *, by: User, now: datetime
) -> None:
    """Tick that the trainer can be there, on each of their classes."""
    for delivery in meeting.deliveries.filter(trainer=trainer):
        for step in steps_of(delivery, StepKey.PLANNING_ACCEPTED).open():
            if not reasons_against_completing(step, Completion()):
                complete_step(step, Completion(), by=by, now=now)


def steps_of(delivery: Delivery, key: str) -> StepQuerySet:
    """Return the steps of that key of the class itself, re-sends included."""
    return Step.objects.filter(checklist=delivery.checklist_id, key=key)


def drop_requests(meeting: PlanningMeeting, *, now: datetime) -> None:
    """Cancel the steps by which trainers asked to move it: that is settled."""
    steps = Step.objects.filter(
        checklist=meeting.engagement.checklist_id,
        subject_url=meeting.get_absolute_url(),
    )
    cancel_steps(steps, now=now)
