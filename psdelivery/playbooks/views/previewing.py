"""R-20: a form that moves dates shows first what moves with them.

The same page is shown twice: the form, then the form with the list and its boxes.
It works without JavaScript, and keeps what was typed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from psdelivery.playbooks.rules.moves import MovePreview

# Longer numbers are no keys of steps.
LONGEST_KEY = 18


@dataclass(frozen=True)
class Look:
    """What somebody sees before they confirm; `is_stale`: it changed since they did."""

    preview: MovePreview
    exempt: frozenset[int]
    is_confirmed: bool
    is_stale: bool


def exempt_in(request: HttpRequest) -> frozenset[int]:
    """Return the steps whose boxes were ticked; what is no number is left out."""
    given = request.POST.getlist("exempt")
    return frozenset(
        int(key)
        for key in given
        if key.isascii() and key.isdigit() and len(key) <= LONGEST_KEY
    )


def look_at(
    request: HttpRequest, read: Callable[[frozenset[int]], MovePreview]
) -> Look:
    """Return the list for what was typed, and whether it was confirmed as it is now.

    A move that takes nothing along needs no look.
    """
    exempt = exempt_in(request)
    preview = read(exempt)
    seen = request.POST.get("confirm", "")
    is_confirmed = seen == preview.token or not preview.takes_something_along
    return Look(preview, exempt, is_confirmed, bool(seen) and not is_confirmed)
