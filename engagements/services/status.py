"""Move an engagement along the status table (R-1)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.choices import ENDED_STATUSES, PAUSED_STATUSES, Status
from engagements.events import StatusChanged
from engagements.models import Engagement
from engagements.registry import Settling, bookings, guards
from engagements.rules.ball import follows_steps
from engagements.rules.status import BALL_AFTER, find_move, reasons_outside_table
from engagements.services.ball import follow_steps, put_ball
from engagements.services.holds import shift_open_steps
from engagements.services.reviving import cancel_all_steps, revive_chosen
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.playbooks.services.checklists import (
    pause_checklists,
    resume_checklists,
    set_anchor,
)
from psdelivery.registry import Reason, RuleRefused, reactions

ANCHOR_OF_STATUS = {Status.CLOSED: "closed", Status.COMPLETED: "completed"}


def reasons_against_move(
    engagement: Engagement, target: str, *, now: datetime
) -> list[Reason]:
    """R-1: return what stands against the move: the table first, then its needs."""
    outside = reasons_outside_table(
        engagement.kind, engagement.status, target, engagement.status_before
    )
    return outside or guards.reasons(engagement, target, now)


@dataclass(frozen=True, kw_only=True)
class MoveOptions:
    """What somebody chose beside the status.

    `bookings` are choices by key of the booking; `shift_days` and `exempt` are for
    taking work up again; `steps` are those that come back when it is revived, None for
    all; `ball_with` is who moves next, where it is not whom the table says.
    """

    bookings: Mapping[int, str] = field(default_factory=dict)
    shift_days: int = 0
    exempt: Collection[int] = ()
    steps: Collection[int] | None = None
    ball_with: str = ""


AS_USUAL = MoveOptions()


@transaction.atomic
def move_status(
    engagement: Engagement,
    target: str,
    *,
    by: User | None,
    reason: str = "",
    options: MoveOptions = AS_USUAL,
    now: datetime,
) -> Engagement:
    """Move the engagement; raises RuleRefused with all that is missing (R-1).

    Order: refuse, change, history, then what follows: pausing, cancelling, anchors,
    and what was chosen beside it.
    """
    engagement = Engagement.objects.select_for_update(of=("self",)).get(
        pk=engagement.pk
    )
    reasons = reasons_against_move(engagement, target, now=now)
    reasons += reasons_without_words(engagement, target, reason)
    if reasons:
        raise RuleRefused(reasons)
    old = engagement.status
    change_status(engagement, target, options.ball_with, now)
    record(
        "status-moved",
        by=by,
        subject=engagement,
        engagement=engagement,
        changes={"status": [old, target]},
        reason=reason,
        now=now,
    )
    follow_status(engagement, old, options, by=by, now=now)
    settling = Settling(by=by, reason=reason, now=now)
    bookings.settle(engagement, options.bookings, settling)
    if old in PAUSED_STATUSES and target not in ENDED_STATUSES:
        days, exempt = options.shift_days, options.exempt
        shift_open_steps(engagement, days, exempt=exempt, by=by, reason=reason, now=now)
    reactions.publish(
        StatusChanged(engagement=engagement, old=old, new=target, by=by, now=now)
    )
    follow_steps(engagement, now=now)
    return engagement


def reasons_without_words(
    engagement: Engagement, target: str, reason: str
) -> list[Reason]:
    """R-1: refuse a move without a reason where the table wants one."""
    move = find_move(
        engagement.kind, engagement.status, target, engagement.status_before
    )
    if move is None or not move.wants_reason or reason.strip():
        return []
    return [Reason("reason-missing", _("Say why."))]


def change_status(
    engagement: Engagement, target: str, ball_with: str, now: datetime
) -> None:
    """Save the new status, where it came from, and who must move next."""
    engagement.status_before = engagement.status
    engagement.status, engagement.status_since = target, now
    engagement.save(update_fields=["status", "status_before", "status_since"])
    if ball_with or not follows_steps(engagement.kind, target):
        put_ball(engagement, ball_with or BALL_AFTER[Status(target)], now=now)
    # What the steps said before says nothing any more.
    engagement.ball_derived, engagement.ball_by_hand = "", bool(ball_with)
    engagement.save(update_fields=["ball_derived", "ball_by_hand"])


def follow_status(
    engagement: Engagement,
    old: str,
    options: MoveOptions,
    *,
    by: User | None,
    now: datetime,
) -> None:
    """Pause, resume, cancel or revive the steps, and date the closing anchors."""
    if old == Status.CANCELLED:
        revive_chosen(engagement, options.steps, now=now)
    if engagement.status in PAUSED_STATUSES:
        pause_checklists(engagement.pk)
    elif old in PAUSED_STATUSES:
        resume_checklists(engagement.pk, now=now)
    if engagement.status == Status.CANCELLED:
        cancel_all_steps(engagement, now=now)
    anchor = ANCHOR_OF_STATUS.get(Status(engagement.status))
    if anchor is not None and engagement.checklist is not None:
        set_anchor(engagement.checklist, anchor, now, by=by, now=now)
