"""Bookings that nobody is named for yet, as the list behind the board shows them."""

from scheduling.models import Allocation, AllocationQuerySet
from scheduling.queries.board import BoardFilter, days_shown, unnamed_condition
from scheduling.rules.board import Window


def unnamed_demand(wanted: BoardFilter, window: Window) -> AllocationQuerySet:
    """Return the demand with a day in the window, the first to begin first.

    The same bookings as in the rows of the board.
    """
    days = days_shown(window).filter(person=None)
    rows = Allocation.objects.active().filter(unnamed_condition(wanted))
    rows = rows.filter(pk__in=days.values("allocation"))
    needs = ("engagement__customer", "request", "partner")
    return rows.select_related(*needs).order_by("starts_on", "role", "pk")
