"""R-20: move a date of an engagement, with everything that hangs on it."""

from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from engagements.dates import step_dating
from engagements.models import Engagement
from engagements.rules.dates import (
    PLANNED,
    date_words,
    planned_days,
    reasons_against_day,
    reasons_against_moving,
    reasons_against_planned,
)
from engagements.services.intake import IntakeChanges, edit_engagement
from engagements.services.planned_dates import planned_changes
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.playbooks.choices import MoveCause
from psdelivery.playbooks.models import Anchor
from psdelivery.playbooks.services.anchors import day_of
from psdelivery.playbooks.services.moves import AnchorChange, apply_moves
from psdelivery.registry import Reason, refuse


@dataclass(frozen=True, kw_only=True)
class DateMove:
    """Who moves a date, when and why, and which steps keep theirs."""

    by: User
    now: datetime
    reason: str
    cause: str = MoveCause.OTHER
    exempt: Collection[int] = ()


def changes_to(engagement: Engagement, anchor: Anchor, day: date) -> list[AnchorChange]:
    """Return the anchors that change when this date moves; nothing is written."""
    if anchor.key not in PLANNED:
        return [AnchorChange(anchor, day)]
    typed = copy(engagement)
    for name, value in planned_days(engagement, anchor.key, day).items():
        setattr(typed, name, value)
    return planned_changes(typed)


def today_of(engagement: Engagement, by: User, now: datetime) -> date:
    """Return the day on whichever clock it came first: customer's or mover's."""
    return max(local_day(now, zone) for zone in (engagement.customer.zone, by.zone))


def reasons_against_date(
    engagement: Engagement, anchor: Anchor, day: date, *, today: date
) -> list[Reason]:
    """R-20: return what stands against moving this date to that day."""
    reasons = reasons_against_moving(
        engagement, anchor.key, day_of(anchor), step_dating(anchor)
    )
    reasons += reasons_against_day(anchor.key, day_of(anchor), day, today=today)
    if anchor.key in PLANNED:
        days = planned_days(engagement, anchor.key, day)
        reasons += reasons_against_planned(engagement, days)
    return reasons


@transaction.atomic
def move_date(
    engagement: Engagement, anchor: Anchor, day: date, *, moving: DateMove
) -> None:
    """R-20: move a date as one move that can be undone. Raises RuleRefused.

    A planned day moves in the intake, which the undo puts back too; any other is
    the anchor alone. What a step told when it was ticked stays as it was told.
    """
    engagement = (
        Engagement.objects.select_related("customer")
        .select_for_update(of=("self",))
        .get(pk=engagement.pk)
    )
    anchor = Anchor.objects.select_related("checklist").get(pk=anchor.pk)
    today = today_of(engagement, moving.by, moving.now)
    refuse(reasons_against_date(engagement, anchor, day, today=today))
    if anchor.key in PLANNED:
        move_planned_day(engagement, anchor.key, day, moving=moving)
        return
    apply_moves(
        [AnchorChange(anchor, day)],
        checklist=anchor.checklist,
        exempt=moving.exempt,
        by=moving.by,
        reason=moving.reason,
        cause=moving.cause,
        now=moving.now,
        title=date_words(engagement.kind, anchor.key),
    )


def move_planned_day(
    engagement: Engagement, key: str, day: date, *, moving: DateMove
) -> None:
    """Move a planned day as an edit of the intake, which keeps how it was."""
    why: Mapping[str, object] = {
        "reason": moving.reason,
        "cause": moving.cause,
        "exempt": moving.exempt,
    }
    edit_engagement(
        engagement,
        IntakeChanges(engagement=planned_days(engagement, key, day)),
        by=moving.by,
        why=why,
        now=moving.now,
    )
