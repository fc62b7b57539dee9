"""What training looks for by itself, so that the health checks watch it."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from psdelivery.operations.looks import Look, register_look
from scheduling.kept_holds import keep_holds
from training.choices import OPEN_PROPOSALS


def register_looks() -> None:
    """Enter the look at proposals, which end their own holds (R-8)."""
    register_look(
        Look("training.look_at_proposals", "scan", "proposal-look", _("Proposed dates"))
    )
    open_ones = Q(date_option__proposal__state__in=sorted(OPEN_PROPOSALS))
    keep_holds("date-proposals", open_ones)
