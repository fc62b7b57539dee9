"""What the board need not remember: changes that every open board has fetched."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from psdelivery.operations.purging import Purge, register_purge
from scheduling.models import BoardChange

KEPT = timedelta(days=1)


def old_changes(before: datetime) -> QuerySet[BoardChange]:
    """Return changes of which no open board asks any more."""
    return BoardChange.objects.filter(at__lt=before - KEPT).order_by("pk")


def register_board_purge() -> None:
    """Let them go at night."""
    register_purge(
        Purge(
            key="board-changes",
            title=_("Changes of the board"),
            find=old_changes,
        )
    )
