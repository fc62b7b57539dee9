"""The progress bar of an engagement."""

from collections.abc import Mapping
from dataclasses import dataclass

from psdelivery.playbooks.choices import Phase


@dataclass(frozen=True)
class PhaseMark:
    """A phase as the bar shows it: done, current or coming."""

    title: str
    state: str
    url: str = ""


def phase_marks(counts: Mapping[int, Mapping[str, int]], url: str) -> list[PhaseMark]:
    """Return the framework phases, derived from steps and never typed.

    The first phase with an open step is the current one; phases without any step of
    their own are left out, and without steps at all there is no bar. `counts` is
    what `queries.phases_of` returns, `url` the checklist.
    """
    used = [phase for phase in Phase if counts[phase]["total"]]
    current = next((phase for phase in used if counts[phase]["open"]), None)
    return [
        PhaseMark(
            title=str(phase.label),
            state=phase_state(phase, current, counts[phase]["open"]),
            url=f"{url}?show=all&phase={phase.value}",
        )
        for phase in used
    ]


def phase_state(phase: Phase, current: Phase | None, open_steps: int) -> str:
    """Return the word of one phase."""
    if phase is current:
        return "current"
    return "coming" if open_steps else "done"
