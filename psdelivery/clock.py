"""The one place that reads the clock."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """Return the current moment in UTC, moved by `CLOCK_OFFSET` in demos."""
    return timezone.now() + settings.CLOCK_OFFSET


def today(zone: str) -> date:
    """Return the day that people in `zone` call today."""
    return now().astimezone(ZoneInfo(zone)).date()
