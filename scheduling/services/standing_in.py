"""Somebody is ill this morning: one action moves booking and steps, and drafts mails.

domain.md, section 5 (stand-in) and section 3.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engagements.models import Engagement
from psdelivery.outbox.services.drafting import prepare_draft
from psdelivery.people.models import User
from psdelivery.people.services.changes import one_transaction
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.services.handing import delegate_step
from psdelivery.registry import reactions
from scheduling.events import StoodIn
from scheduling.mails import STAND_IN_MAIL
from scheduling.models import Allocation, ConflictCase
from scheduling.services.resolving import hand_days, taken_by

WAKING = (time(7), time(21))


@dataclass(frozen=True)
class StandIn:
    """What one action did: the new bookings and how many steps went along."""

    bookings: list[Allocation]
    steps: int


def is_awake(person: User, now: datetime) -> bool:
    """Whether it is daytime where the person is: between 7:00 and 21:00."""
    clock = now.astimezone(ZoneInfo(person.zone)).time()
    return WAKING[0] <= clock < WAKING[1]


def stand_in(
    case: ConflictCase, other: User | None, *, reason: str, by: User, now: datetime
) -> StandIn:
    """Let somebody take the days with the steps that fall into them.

    Raises RuleRefused where gate (R-2, R-3) or capacity (R-6) stand against it; then
    nothing has moved. The mail to the customer is a draft: it leaves by a click.
    """
    with one_transaction():
        days = sorted({day for taken in taken_by(case) for day in taken.days})
        bookings = hand_days(case, other, reason=reason, by=by, now=now)
        if other is None or not bookings:
            return StandIn(bookings, 0)
        steps = list(steps_within(case.person, case.engagement, days))
        for step in steps:
            delegate_step(step, other, by=by, note=reason, now=now)
        for booking in bookings:
            reactions.publish(
                StoodIn(
                    allocation=booking,
                    person=case.person,
                    other=other,
                    days=tuple(days),
                    by=by,
                    now=now,
                    reason=reason,
                )
            )
            prepare_draft(STAND_IN_MAIL, booking, by=by, now=now)
        return StandIn(bookings, len(steps))


def steps_within(
    person: User, engagement: Engagement, days: Iterable[date]
) -> Iterable[Step]:
    """Return the person's open steps of the engagement that fall due on these days.

    Up to the night after the last one: what is due later waits for the person.
    """
    known = list(days)
    if not known:
        return []
    zone = ZoneInfo(person.zone)
    end = datetime.combine(max(known) + timedelta(days=1), time(), zone)
    steps = Step.objects.open().filter(engagement=engagement, assignee=person)
    return steps.filter(due_at__lte=end).order_by("due_at", "pk")
