"""What the history says of the schedule."""

from django.utils.translation import gettext_lazy as _

from psdelivery.history.verbs import register_field, register_verb
from scheduling.choices import Hold

VERBS = {
    "allocation-placed": _("booked"),
    "allocation-changed": _("changed a booking"),
    "allocation-shortened": _("shortened a booking"),
    "allocation-released": _("released a booking"),
    "allocation-expired": _("let a hold expire"),
}


def register_verbs() -> None:
    """Name the verbs and the words of the fields."""
    for verb, words in VERBS.items():
        register_verb(verb, words)
    register_field("hold", _("soft or hard"), values=dict(Hold.choices))
    register_field("last_day", _("last day"))
