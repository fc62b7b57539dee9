"""The looks that beat asks for every half minute, entered by the place that looks."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Look:
    """A periodic task: its queue, its name in `/readyz`, and its word for people."""

    task: str
    queue: str
    key: str
    title: str | Promise


_looks: dict[str, Look] = {}


def register_look(look: Look) -> None:
    """Let the health checks watch a task; a second entry replaces the first."""
    _looks[look.task] = look


def registered_looks() -> list[Look]:
    """Return the watched tasks in the order of their queues."""
    return sorted(_looks.values(), key=lambda look: (look.queue, look.key))


def is_watched(task: str) -> bool:
    """Answer whether runs of the task are noted."""
    return task in _looks
