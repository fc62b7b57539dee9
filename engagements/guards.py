"""The needs of the status table that the engagement itself can tell (R-1)."""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from engagements.choices import Condition, Kind, Status
from engagements.models import Engagement
from engagements.queries import (
    gate_for,
    has_lead,
    step_of,
)
from engagements.registry import guards
from engagements.rules.gate import (
    reasons_against_first_day,
    reasons_against_hard_booking,
)
from engagements.rules.moves import (
    STEP_BEFORE_ACTIVE,
    reasons_against_backlog,
    reasons_against_prospect,
    reasons_of_undone_step,
    reasons_without_lead,
)
from engagements.settings import BACKLOG_MONTHS
from psdelivery.people.register import portal_settings
from psdelivery.registry import Reason


def before_prospect(engagement: Engagement, now: datetime) -> list[Reason]:
    """R-1: Estimate → Prospect; a revived engagement has passed it before."""
    if engagement.status == Status.CANCELLED:
        return []
    return reasons_against_prospect(
        engagement, has_offering=engagement.offerings.exists()
    )


def before_setup(engagement: Engagement, now: datetime) -> list[Reason]:
    """R-1: Prospect → In set-up needs closed-won recorded, or work at risk (R-3).

    Back from the backlog it needs nothing.
    """
    if engagement.status != Status.PROSPECT or engagement.closed_won_at is not None:
        return []
    won = gate_for(engagement, now).state_of(Condition.CLOSED_WON)
    if won is None or won.is_settled:
        return []
    return [replace(won.reason, fix_label=_("Record closed-won"))]


def before_okay_to_start(engagement: Engagement, now: datetime) -> list[Reason]:
    """R-1: In set-up → Okay to start: gate open (R-2), lead named, welcome sent."""
    if engagement.status == Status.BACKLOG:
        return []
    return [
        *reasons_against_hard_booking(gate_for(engagement, now)),
        *reasons_without_lead(engagement, has_lead=has_lead(engagement)),
        *reasons_of_undone_step(
            engagement,
            step_of(engagement, "welcome"),
            _("The welcome mail is not sent"),
        ),
    ]


def before_active(engagement: Engagement, now: datetime) -> list[Reason]:
    """R-1: Okay to start → Active: kickoff, first day or confirmed date, by kind.

    Kickoff and first day are the first delivery day, so what R-2 wants before that
    day is asked for here; training becomes Active weeks before its first session.
    """
    if engagement.status != Status.OKAY_TO_START:
        return []
    key, missing = STEP_BEFORE_ACTIVE[Kind(engagement.kind)]
    reasons = reasons_of_undone_step(engagement, step_of(engagement, key), str(missing))
    if engagement.kind == Kind.TRAINING:
        return reasons
    return [*reasons_against_first_day(gate_for(engagement, now)), *reasons]


def before_backlog(engagement: Engagement, now: datetime) -> list[Reason]:
    """R-1: to the backlog *one month* after booking."""
    months = portal_settings()[BACKLOG_MONTHS]
    return reasons_against_backlog(engagement, now=now, after_months=months)


def register_guards() -> None:
    """Put the needs of the table before their moves."""
    for target, guard in (
        (Status.PROSPECT, before_prospect),
        (Status.IN_SETUP, before_setup),
        (Status.OKAY_TO_START, before_okay_to_start),
        (Status.ACTIVE, before_active),
        (Status.BACKLOG, before_backlog),
    ):
        guards.register(target, guard, order=10)
