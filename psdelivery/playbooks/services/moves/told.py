"""A move that was made, as its page tells of it."""

from dataclasses import dataclass
from typing import Any

from psdelivery.people.moments import Deadline
from psdelivery.playbooks.models import Move, Step
from psdelivery.playbooks.rules.moves import LineKind
from psdelivery.playbooks.services.moves.preview import deadline_of
from psdelivery.playbooks.services.moves.record import put_values


@dataclass(frozen=True)
class MovedLine:
    """A step that a move changed, with its deadline before and after."""

    step: Step
    kind: LineKind
    old: Deadline | None
    new: Deadline | None


def moved_lines(move: Move) -> list[MovedLine]:
    """Return the steps that a move changed, by their new deadline (one query).

    One that only opens at another moment keeps its date, and is left out.
    """
    told = move.record["steps"]
    steps = Step.objects.filter(pk__in=[int(pk) for pk in told])
    lines = [
        MovedLine(
            step,
            LineKind(move.record["kinds"][str(step.pk)]),
            recorded(told[str(step.pk)]["before"]),
            recorded(told[str(step.pk)]["after"]),
        )
        for step in steps.defer("instructions").order_by("due_at", "pk")
    ]
    return [line_shown(line) for line in lines if line.kind != LineKind.STAYS]


def recorded(values: dict[str, Any]) -> Deadline | None:
    """Return the deadline of a step as a move recorded it."""
    step = Step()
    put_values(step, values)
    return deadline_of(step)


def line_shown(line: MovedLine) -> MovedLine:
    """Return the line without a date that the step never had, or no longer has."""
    if line.kind in {LineKind.AGAIN, LineKind.RETURNS}:
        return MovedLine(line.step, line.kind, None, line.new)
    if line.kind == LineKind.ENDS:
        return MovedLine(line.step, line.kind, line.old, None)
    return line
