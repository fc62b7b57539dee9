"""How many days the ball was with whom."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import ngettext

from engagements.choices import BallWith
from engagements.models import BallPeriod
from psdelivery.people.moments import local_day


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


def ball_days(periods: Iterable[BallPeriod], *, now: datetime, zone: str) -> BallDays:
    """Add up the days by party, the turn that runs included.

    Whole days on the customer's calendar, each counted for whoever had the ball when
    it ended: so the sum is the number of days that have gone by, and what was passed
    on within a day counts for who kept it.
    """
    days: dict[str, int] = defaultdict(int)
    for period in periods:
        begin = local_day(period.since, zone)
        end = local_day(period.until or now, zone)
        days[period.party] += max((end - begin).days, 0)
    return BallDays(dict(days))
