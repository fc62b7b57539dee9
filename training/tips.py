"""Tips for the day of a class (practice.md, section 6)."""

from django.utils.translation import gettext as _

from training.choices import Place
from training.models import Delivery


def tips_for(delivery: Delivery) -> list[str]:
    """Return what helps on the day, for a class online or on site."""
    both = [
        _("First activity within twenty minutes, then one in each hour."),
        _("A question every ten to fifteen minutes, time for theirs twice in an hour."),
        _("A break after an hour or so; say when it ends, and write it down."),
        _("Little text on slides, a large font in the terminal."),
        _("What you cannot answer now goes to the parking lot."),
    ]
    if delivery.place == Place.ON_SITE:
        return [
            *both,
            _("Let everybody sign in, and send the sheet to the coordinator."),
            _("Try network, screen and a lab page in the room before people come."),
        ]
    return [
        *both,
        _("Be there a quarter of an hour early; close what nobody shall see."),
        _("Share a window, not the screen; mute mail and chat."),
        _("One chat for everything; pin in it what all need: labs, notes, breaks."),
        _("Say that the session is recorded before the recording begins."),
    ]
