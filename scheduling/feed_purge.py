"""Old lines of the log of feeds: who read them is nobody's business for ever."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from psdelivery.operations.purging import Purge, register_purge_after_days
from scheduling.models import FeedRead

KEEP_DAYS = "scheduling.keep_feed_log_days"


def old_reads(before: datetime) -> QuerySet[FeedRead]:
    """Return the readings before that moment."""
    return FeedRead.objects.filter(at__lt=before).order_by("at", "pk")


def register_feed_purge() -> None:
    """Let old readings go at night, after the days that managers set."""
    register_purge_after_days(
        Purge(
            key="feed-reads",
            title=_("Readings of calendar feeds"),
            find=old_reads,
            setting=KEEP_DAYS,
        ),
        title=_("Days for which readings of calendar feeds are kept"),
        help=_("0 keeps them for good."),
        default=90,
    )
