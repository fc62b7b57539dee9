"""R-3: hours worked at risk are not billable until they are released."""

from collections.abc import Iterable
from datetime import date, datetime

from engagements.models import Engagement
from engagements.queries import gate_for, open_waivers
from engagements.rules.risk import is_billable
from scheduling.models import HoursEntry, HoursPart


def must_wait(engagement: Engagement, days: Iterable[date], now: datetime) -> bool:
    """R-3: tell whether hours of these days are not billable until they are released.

    They were worked at risk, after its end or beyond its cap included, or before the
    gate was open (R-2). Internal work has no gate.
    """
    if not engagement.has_gate:
        return False
    waivers = open_waivers(engagement)
    if any(not is_billable(waivers, day) for day in days):
        return True
    return not gate_for(engagement, now).is_open


def release_hours(engagement: Engagement, *, now: datetime) -> int:
    """R-3: let hours be billed that waited only for what is there now; how many parts.

    What was worked under another waiver, which still runs, goes on waiting.
    """
    rows = HoursPart.objects.filter(engagement=engagement, waits_for_release=True)
    freed = [
        part.pk for part in rows if not must_wait(engagement, days_of_part(part), now)
    ]
    return HoursPart.objects.filter(pk__in=freed).update(waits_for_release=False)


def days_of_part(part: HoursPart) -> list[date]:
    """Return the days of a part that have hours."""
    entries = HoursEntry.objects.filter(part=part)
    return list(entries.order_by().values_list("day", flat=True))
