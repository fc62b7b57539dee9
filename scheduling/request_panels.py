"""What other parts of the schedule show on the page of a resource request.

A part registers a panel in `AppConfig.ready()`. Its template finds what `context`
returned under the name `panel`, and on the page itself `asked` (the request) and
`rights` (`scheduling.request_rights.RequestRights`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from psdelivery.people.http import SignedInRequest
from scheduling.models import ResourceRequest

# None: there is nothing to show on this request to this reader.
PanelContext = Callable[[SignedInRequest, ResourceRequest], Mapping[str, Any] | None]


@dataclass(frozen=True, kw_only=True)
class RequestPanel:
    """A part of the page; those below 50 stand above the facts of the request."""

    key: str
    template: str
    context: PanelContext
    order: int = 100


@dataclass(frozen=True)
class ShownPanel:
    template: str
    context: Mapping[str, Any]
    is_first: bool


class RequestPanels:
    def __init__(self) -> None:
        self._by_key: dict[str, RequestPanel] = {}

    def register(self, panel: RequestPanel) -> None:
        """Add a panel; the same key replaces."""
        self._by_key[panel.key] = panel

    def shown(
        self, request: SignedInRequest, asked: ResourceRequest
    ) -> list[ShownPanel]:
        """Return the panels that have something to show, in their order."""
        ordered = sorted(self._by_key.values(), key=lambda panel: panel.order)
        found = [(panel, panel.context(request, asked)) for panel in ordered]
        return [
            ShownPanel(panel.template, context, panel.order < 50)
            for panel, context in found
            if context is not None
        ]


request_panels = RequestPanels()
