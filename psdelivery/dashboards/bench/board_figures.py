"""The figures of the board: the server's, and those of a real browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psdelivery.dashboards.bench.figures import Bars, PageFigure

MAX_BOARD_BYTES = 400_000
MAX_TASK_MILLISECONDS = 200
BOARD = Bars(times_floor=0, milliseconds=1000, size=MAX_BOARD_BYTES)
# With a request chosen its candidates are looked for as well.
CHOSEN = Bars(queries=25, times_floor=0, milliseconds=1000, size=MAX_BOARD_BYTES)


@dataclass(frozen=True)
class TaskFigure:
    """What the browser's main thread did while somebody did something.

    `longest` is its longest task and `count` how many took more than 50 ms, which is
    from where a browser tells of them (milliseconds).
    """

    doing: str
    longest: float
    count: int
    seconds: float


@dataclass(frozen=True)
class BoardFigure:
    """The board with so many people; `tasks` is empty where there is no browser."""

    database: str
    people: int
    days: int
    pages: list[PageFigure]
    tasks: list[TaskFigure]
    browser: str

    def misses(self) -> list[str]:
        """Say which bars the board misses."""
        found = [
            f"{page.title}: {miss}" for page in self.pages for miss in page.misses(0)
        ]
        found += [
            f"{task.doing}: a task of {task.longest:.0f} ms, "
            f"bar {MAX_TASK_MILLISECONDS}"
            for task in self.tasks
            if task.longest > MAX_TASK_MILLISECONDS
        ]
        return [f"{self.database}, {self.people:,} people: {miss}" for miss in found]


def board_of(data: dict[str, Any], tasks: Sequence[Any], browser: str) -> BoardFigure:
    """Put together what the two processes printed."""
    pages = [
        PageFigure(**page | {"bars": Bars(**page["bars"])}) for page in data["pages"]
    ]
    known = [TaskFigure(**task) for task in tasks]
    return BoardFigure(
        data["database"], data["people"], data["days"], pages, known, browser
    )
