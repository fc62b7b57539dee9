"""Who must move next, and how many days the ball was with whom.

Pure: no writes, no clock, no request.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import ngettext

from engagements.choices import (
    ENDED_STATUSES,
    PAUSED_STATUSES,
    BallWith,
    Kind,
    Status,
)
from engagements.models import BallPeriod
from engagements.rules.status import BALL_AFTER
from psdelivery.people.moments import local_day
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.ball import ball_of

# Set aside: with whom it is was recorded then. Over: nobody must move.
SAID_BY_STATUS = PAUSED_STATUSES | (ENDED_STATUSES - {Status.CLOSED})


@dataclass(frozen=True)
class Said:
    """Who must move next, and the step that says so; without one the status does."""

    party: str
    step: int | None = None


def follows_steps(kind: str, status: str) -> bool:
    """Tell whether the steps say with whom the ball is.

    On hold and in the backlog it stays as it was recorded (domain.md, section 0);
    what is completed or cancelled, and standing internal work, waits for nobody.
    """
    return kind != Kind.INTERNAL and status not in SAID_BY_STATUS


def who_must_move(status: str, first: Step | None) -> Said:
    """Return with whom the ball of running work is (glossary: ball with).

    `first` is the open step that falls due first, late ones before all others, and
    waits for no other step. Its owner's side must move: the customer for homework,
    sales for the account team, finance, else us; or whom somebody named on the step.
    Where no step has a date, the status says it.
    """
    if first is None:
        return Said(BALL_AFTER[Status(status)])
    return Said(ball_of(first).party, first.pk)


@dataclass(frozen=True)
class BallDays:
    """Whole days by party, in the customer's calendar; a fact of an engagement."""

    days: Mapping[str, int] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        """Return each party that had it for a day or more: "customer 30 days"."""
        return [
            ngettext("%(party)s %(n)d day", "%(party)s %(n)d days", self.days[party])
            % {"party": party.label, "n": self.days[party]}
            for party in BallWith
            if party is not BallWith.NOBODY and self.days.get(party)
        ]


def day_number(at: datetime, zone: str) -> int:
    """Return the number of the day that it is at a moment in a zone."""
    return local_day(at, zone).toordinal()


def ball_days(periods: Iterable[BallPeriod], *, now: datetime, zone: str) -> BallDays:
    """Add up the days by party, the turn that runs included.

    Whole days on the customer's calendar, each counted for whoever had the ball when
    it ended: so the sum is the number of days that have gone by, and what was passed
    on within a day counts for who kept it.
    """
    days: dict[str, int] = defaultdict(int)
    today = day_number(now, zone)
    for period in periods:
        end = period.end_day if period.end_day is not None else today
        days[period.party] += max(end - period.first_day, 0)
    return BallDays(dict(days))
