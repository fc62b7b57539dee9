"""Move an engagement along the status table (R-1)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.choices import PAUSED_STATUSES, Status
from engagements.events import StatusChanged
from engagements.models import Engagement
from engagements.registry import guards
from engagements.rules.status import BALL_AFTER, find_move, reasons_outside_table
from engagements.services.ball import put_ball
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.services.checklists import (
    cancel_steps,
    pause_checklists,
    resume_checklists,
    revive_steps,
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


@transaction.atomic
def move_status(
    engagement: Engagement,
    target: str,
    *,
    by: User | None,
    reason: str = "",
    now: datetime,
) -> Engagement:
    """Move the engagement; raises RuleRefused with all that is missing (R-1).

    Order: refuse, change, history, then what follows: pausing, cancelling, anchors.
    """
    engagement = Engagement.objects.select_for_update(of=("self",)).get(
        pk=engagement.pk
    )
    reasons = reasons_against_move(engagement, target, now=now)
    reasons += reasons_without_words(engagement, target, reason)
    if reasons:
        raise RuleRefused(reasons)
    old = engagement.status
    change_status(engagement, target, now)
    record(
        "status-moved",
        by=by,
        subject=engagement,
        engagement=engagement,
        changes={"status": [old, target]},
        reason=reason,
        now=now,
    )
    follow_status(engagement, old, by=by, now=now)
    reactions.publish(
        StatusChanged(engagement=engagement, old=old, new=target, by=by, now=now)
    )
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


def change_status(engagement: Engagement, target: str, now: datetime) -> None:
    """Save the new status, where it came from, and who must move next."""
    engagement.status_before = engagement.status
    engagement.status, engagement.status_since = target, now
    engagement.save(update_fields=["status", "status_before", "status_since"])
    put_ball(engagement, BALL_AFTER[Status(target)], now=now)


def follow_status(
    engagement: Engagement, old: str, *, by: User | None, now: datetime
) -> None:
    """Pause, resume, cancel or revive the steps, and date the closing anchors."""
    steps = Step.objects.filter(engagement=engagement)
    if old == Status.CANCELLED:
        revive_steps(steps, now=now)
    if engagement.status in PAUSED_STATUSES:
        pause_checklists(engagement.pk)
    elif old in PAUSED_STATUSES:
        resume_checklists(engagement.pk, now=now)
    if engagement.status == Status.CANCELLED:
        cancel_steps(steps)
    anchor = ANCHOR_OF_STATUS.get(Status(engagement.status))
    if anchor is not None and engagement.checklist is not None:
        set_anchor(engagement.checklist, anchor, now, by=by, now=now)
