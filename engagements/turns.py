"""How long the ball was with whom: of one engagement, and of many together."""

from collections import Counter
from datetime import datetime

from django.db.models import QuerySet

from engagements.models import BallPeriod, Engagement
from engagements.rules.ball import BallDays, ball_days


def ball_days_of(engagement: Engagement, now: datetime) -> BallDays:
    """Return the days by party of one engagement; no query where turns are fetched."""
    periods = engagement.ball_periods.all()
    return ball_days(periods, now=now, zone=engagement.customer.zone)


def ball_days_of_all(engagements: QuerySet[Engagement], now: datetime) -> BallDays:
    """Return the days by party of all these engagements together, in one query.

    For the Portfolio; each engagement's days are those of its customer's calendar.
    """
    rows = BallPeriod.objects.filter(engagement__in=engagements.order_by())
    total: Counter[str] = Counter()
    for period in rows.select_related("engagement__customer").iterator():
        zone = period.engagement.customer.zone
        total.update(ball_days([period], now=now, zone=zone).days)
    return BallDays(dict(total))
