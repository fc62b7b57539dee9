"""What the engagement needs from the places below it, registered by them.

Guards stand against a status move, facts are read by reports and guards, panels
are the tabs of the engagement page. All are registered in `AppConfig.ready()`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.functional import Promise

from engagements.models import Engagement
from psdelivery.access import Action
from psdelivery.registry import Reason

Guard = Callable[[Engagement, datetime], list[Reason]]
F = TypeVar("F")


class Guards:
    """(status, status) -> what stands against the move, asked in fixed order."""

    def __init__(self) -> None:
        self._by_target: dict[str, list[tuple[int, str, Guard]]] = {}

    def register(self, target: str, guard: Guard, *, order: int = 100) -> None:
        """Ask `guard` before an engagement reaches `target`."""
        name = f"{guard.__module__}.{guard.__qualname__}"
        others = [
            entry for entry in self._by_target.get(target, []) if entry[1] != name
        ]
        self._by_target[target] = sorted(
            [*others, (order, name, guard)], key=lambda entry: entry[:2]
        )

    def reasons(
        self, engagement: Engagement, target: str, now: datetime
    ) -> list[Reason]:
        """Return every reason against the move, in order."""
        return [
            reason
            for _order, _name, guard in self._by_target.get(target, [])
            for reason in guard(engagement, now)
        ]


class Facts:
    """Frozen dataclass -> the function that reads it for an engagement."""

    def __init__(self) -> None:
        self._by_type: dict[type, Callable[[Engagement], Any]] = {}

    def register(self, fact: type[F], reader: Callable[[Engagement], F | None]) -> None:
        """Let `reader` tell this fact of an engagement, None where there is none."""
        self._by_type[fact] = reader

    def read(self, fact: type[F], engagement: Engagement) -> F | None:
        """Return the fact, None where no place below tells it."""
        reader = self._by_type.get(fact)
        return reader(engagement) if reader else None


@dataclass(frozen=True)
class Panel:
    """A tab of the engagement page.

    `is_shown` decides by the engagement alone, `needs` by what the reader may do;
    `context` reads what the template shows, with the request for rights and zone.
    """

    key: str
    title: str | Promise
    template: str
    order: int
    context: Callable[[HttpRequest, Engagement], dict[str, Any]]
    is_shown: Callable[[Engagement], bool] = lambda engagement: True
    needs: Action = Action.ENGAGEMENT_SEE


class Panels:
    def __init__(self) -> None:
        self._by_key: dict[str, Panel] = {}

    def register(self, panel: Panel) -> None:
        """Add the tab; the same key replaces."""
        self._by_key[panel.key] = panel

    def get(self, key: str) -> Panel | None:
        """Return the tab of that key."""
        return self._by_key.get(key)

    def shown_for(self, engagement: Engagement) -> list[Panel]:
        """Return the tabs that the engagement has, in their order."""
        panels = [p for p in self._by_key.values() if p.is_shown(engagement)]
        return sorted(panels, key=lambda panel: panel.order)


guards = Guards()
facts = Facts()
panels = Panels()
