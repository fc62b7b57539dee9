"""The forms of the board."""

from django.urls import reverse

from scheduling.models import BoardView
from tests.fuzz.bodies import Body, always, at


def view_address(world, client=None):
    view, _made = BoardView.objects.get_or_create(owner=world.me, name="Trainers")
    return reverse("scheduling:board-view-delete", args=[view.pk])


def view_list(world):
    return reverse("scheduling:board-view-list")


BOARD = {
    "scheduling:board-view-save": Body(
        at("scheduling:board-view-save"), always(name="Engineers")
    ),
    "scheduling:board-view-delete": Body(view_address, form_on=view_list),
}
