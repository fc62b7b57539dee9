"""Extra seats: how many a class can have, and when an order is decided."""

from django.utils.translation import gettext as _

from psdelivery.registry import Reason
from training.choices import SeatOrderState
from training.models import SeatOrder
from training.rules.roster import reasons_against_roster

# As the field of the class has it.
MOST_SEATS = 500


def reasons_against_seats(seats: int) -> list[Reason]:
    """Return the reason against more seats than a class can have."""
    if seats <= MOST_SEATS:
        return []
    sentence = _("A class has at most %(most)s seats.")
    return [Reason("seats", sentence % {"most": MOST_SEATS})]


def reasons_against_deciding(
    order: SeatOrder, *, is_ordered: bool, reference: str
) -> list[Reason]:
    """Return what stands against deciding an order of extra seats.

    It is decided once; ordered seats have the reference of the order, which finance
    asks for.
    """
    if order.state != SeatOrderState.ASKED:
        sentence = _("This order is %(state)s already.")
        words = {"state": order.get_state_display()}
        return [Reason("decided", sentence % words, order.get_absolute_url())]
    if against := reasons_against_roster(order.delivery):
        return against
    if not is_ordered:
        return []
    if not reference.strip():
        sentence = _("Write the reference of the order: number, or who said it when.")
        return [Reason("reference", sentence)]
    return reasons_against_seats(order.delivery.seats + order.seats)
