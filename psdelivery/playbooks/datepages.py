"""Where people move a date: each place has a page for the dates that are its own.

The places that own checklists stand below; each registers how it finds its page.
"""

from collections.abc import Callable

from psdelivery.playbooks.models import Anchor

# The anchor -> the address of the page that moves it, empty where there is none.
DatePage = Callable[[Anchor], str]


class DatePages:
    def __init__(self) -> None:
        self._finders: dict[str, DatePage] = {}

    def register(self, name: str, finder: DatePage) -> None:
        """Let a place say where its dates are moved; the same name replaces."""
        self._finders[name] = finder

    def page_of(self, anchor: Anchor) -> str:
        """Return the address of the page that moves this date, empty without one.

        The place below that registered last is asked first: it knows its own dates
        best.
        """
        found = (finder(anchor) for finder in reversed(self._finders.values()))
        return next((address for address in found if address), "")


date_pages = DatePages()
