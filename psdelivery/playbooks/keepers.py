"""What only the owner of a checklist knows: its facts, and who holds its roles.

The places that own checklists stand below; each registers how it reads its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from psdelivery.playbooks.models import Checklist
from psdelivery.playbooks.owners import Owners


@dataclass(frozen=True)
class Keeping:
    """The facts that conditions ask for, and the holders of roles, as they are now."""

    facts: Mapping[str, object]
    owners: Owners


# The checklist -> what its owner knows, None where it is another place's.
Keeper = Callable[[Checklist], Keeping | None]


class Keepers:
    def __init__(self) -> None:
        self._keepers: dict[str, Keeper] = {}

    def register(self, name: str, keeper: Keeper) -> None:
        """Let a place speak for its checklists; the same name replaces."""
        self._keepers[name] = keeper

    def keeping_of(self, checklist: Checklist) -> Keeping | None:
        """Return what the owner knows, None for a checklist that nobody speaks for."""
        found = (keeper(checklist) for keeper in self._keepers.values())
        return next((keeping for keeping in found if keeping is not None), None)


keepers = Keepers()
