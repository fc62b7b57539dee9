"""What stands against registering an engagement."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from engagements.models import Engagement
from psdelivery.registry import Reason

DOUBLE = "double"


def reasons_against_double(
    title: str, registered_lately: Iterable[Engagement]
) -> list[Reason]:
    """The same work is not registered twice by a second click or a second person.

    `registered_lately` are the customer's engagements of the last day; the same title,
    whatever its case and spaces, is taken for the same work.
    """
    wanted = " ".join(title.split()).casefold()
    return [
        Reason(
            DOUBLE,
            _("“%(title)s” was registered for this customer within the last day.")
            % {"title": one.title},
            one.get_absolute_url(),
            _("Open it"),
        )
        for one in registered_lately
        if " ".join(one.title.split()).casefold() == wanted
    ]
