"""What lies ready for a step: links to live records, beside its written instructions.

Instructions are copied when a checklist is made; a version or an address that changes
later is told here. The places that know it stand below and register themselves.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from psdelivery.people.models import User
from psdelivery.playbooks.models import Step


@dataclass(frozen=True)
class StepLink:
    """What is ready: its words, and where it opens; without `url` words alone."""

    words: str
    url: str = ""


# (step, reader) -> what lies ready for it, nothing where it is another place's.
StepLinkSource = Callable[[Step, User], Sequence[StepLink]]


class StepLinks:
    def __init__(self) -> None:
        self._sources: dict[str, StepLinkSource] = {}

    def register(self, name: str, source: StepLinkSource) -> None:
        """Let a place tell what lies ready for its steps; the same name replaces."""
        self._sources[name] = source

    def links_for(self, step: Step, reader: User) -> list[StepLink]:
        """Return what lies ready for the step and this reader, place by place."""
        sources = self._sources.values()
        return [link for source in sources for link in source(step, reader)]


step_links = StepLinks()
