"""Work on hold: how long it stood still, and by how much its dates move after it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engagements.models import Engagement
from psdelivery.calendars import local_moment
from psdelivery.people.moments import local_day

# What the customer was sent runs on the customer's time, on hold or not, and
# units are lost on the day that the paper says.
KEPT_ANCHORS = frozenset({"signoff_sent", "use_by"})


def hold_days(engagement: Engagement, *, now: datetime) -> int:
    """Return the length of the hold in the customer's calendar days."""
    zone = engagement.customer.zone
    since = local_day(engagement.status_since, zone)
    return max((local_day(now, zone) - since).days, 0)


def later_by(value: date | datetime, days: int, zone: str) -> date | datetime:
    """Return a day or a moment so many days later; a moment at the same local hour."""
    if not isinstance(value, datetime):
        return value + timedelta(days=days)
    local = value.astimezone(ZoneInfo(zone))
    clock: time = local.timetz()
    return local_moment(local.date() + timedelta(days=days), clock, zone)
