"""The forms of the board."""

from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse

from scheduling.models import Allocation, BoardView
from tests.factories.scheduling import MONDAY, booked
from tests.fuzz.bodies import Body, always, at


def view_address(world, client=None):
    view, _made = BoardView.objects.get_or_create(owner=world.me, name="Trainers")
    return reverse("scheduling:board-view-delete", args=[view.pk])


def view_list(world):
    return reverse("scheduling:board-view-list")


def booking_of(world):
    """A soft booking of mine, always the same one, and as it was first."""
    found = Allocation.objects.filter(person=world.me, hold="soft").first()
    return found or booked(world.me)


def drop_page(world):
    """What a drag to the week after opens."""
    booking = booking_of(world)
    asked = {
        "booking": booking.pk,
        "version": booking.version,
        "person": world.me.pk,
        "first": MONDAY + timedelta(days=7),
    }
    return f"{reverse('scheduling:board-move')}?{urlencode(asked)}"


BOARD = {
    "scheduling:board-move": Body(
        at("scheduling:board-move"),
        always(hold="soft", cause="us", reason="Ann is away"),
        form_on=drop_page,
    ),
    "scheduling:board-view-save": Body(
        at("scheduling:board-view-save"), always(name="Engineers")
    ),
    "scheduling:board-view-delete": Body(view_address, form_on=view_list),
}
