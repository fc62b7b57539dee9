"""The looks of the schedule, so that the health checks watch them."""

from django.utils.translation import gettext_lazy as _

from psdelivery.operations.looks import Look, register_look

LOOKS = (
    Look("scheduling.look_at_holds", "scan", "hold-look", _("Soft holds")),
    Look("scheduling.look_at_offers", "scan", "offer-look", _("Offers")),
)


def register_looks() -> None:
    """Enter them."""
    for look in LOOKS:
        register_look(look)
