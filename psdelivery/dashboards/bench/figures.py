"""What is measured, and the bars of the design that it is held against."""

from dataclasses import dataclass

MAX_HTML_BYTES = 150_000
MAX_STATIC_BYTES = 250_000
MAX_SCAN_SECONDS = 30.0
MAX_MOVE_SECONDS = 1.0
MAX_MOVE_QUERIES = {"postgresql": 10, "sqlite": 20}
MIN_MAILS_A_SECOND = 200
# Of a search for people and ways out, among 2,000 with a year each.
MAX_STAFFING_SECONDS = 0.5
# Of the slowest twentieth of the answers, in medians of a portal without load.
MAX_TIMES_UNLOADED = 10
# What 20,000 engagements may take longer than 2,000.
MAX_TIMES_SMALLER = 1.5


@dataclass(frozen=True)
class Bars:
    """What a page is held against; 0 means no bar."""

    queries: int = 12
    times_floor: float = 12
    milliseconds: float = 0
    size: int = MAX_HTML_BYTES


LIST = Bars()
RECORD = Bars(queries=25)
# The design gives them a second with 20,000 engagements.
DASHBOARD = Bars(times_floor=0, milliseconds=1000)
NONE = Bars(queries=0, times_floor=0)


@dataclass(frozen=True)
class PageFigure:
    """One page as one log-in sees it."""

    title: str
    login: str
    queries: int
    size: int
    milliseconds: float
    cpu: float
    bars: Bars = LIST

    def misses(self, times_floor: float) -> list[str]:
        """Say which bars the page misses."""
        bars = self.bars
        found = {
            f"{self.queries} queries, bar {bars.queries}": (
                bars.queries and self.queries > bars.queries
            ),
            f"{self.size:,} bytes, bar {bars.size:,}": self.size > bars.size,
            f"{times_floor:.1f} × the floor, bar {bars.times_floor}": (
                bars.times_floor and times_floor > bars.times_floor
            ),
            f"{self.milliseconds:.0f} ms, bar {bars.milliseconds:.0f}": (
                bars.milliseconds and self.milliseconds > bars.milliseconds
            ),
        }
        return [words for words, is_missed in found.items() if is_missed]


@dataclass(frozen=True)
class PagesFigure:
    """All pages at one size of the data.

    `in_process`: the database works inside the process, so its processor time is the
    whole time, whatever else the machine does meanwhile.
    """

    database: str
    in_process: bool
    engagements: int
    steps: int
    floor: PageFigure
    pages: list[PageFigure]
    static_bytes: int
    static_files: int
    seed_seconds: float = 0

    def times_floor(self, page: PageFigure) -> float:
        """Return how many times the floor a page takes."""
        if self.in_process:
            return page.cpu / self.floor.cpu
        return page.milliseconds / self.floor.milliseconds


@dataclass(frozen=True)
class ScanFigure:
    """One scan of the reminders: of so many steps, so many were due."""

    steps: int
    due: int
    seconds: float
    queries: int
    queued: int

    def misses(self) -> list[str]:
        """Say which bars the scan misses."""
        found = []
        if self.queued != self.due:
            found.append(f"{self.queued} reminders of {self.due} due")
        if self.seconds > MAX_SCAN_SECONDS:
            found.append(f"{self.seconds:.1f} s, bar {MAX_SCAN_SECONDS:.0f} s")
        return found


@dataclass(frozen=True)
class ScansFigure:
    """The scans of one database, and whether they went by the index of due steps."""

    database: str
    by_index: bool
    scans: list[ScanFigure]


@dataclass(frozen=True)
class MoveFigure:
    """An anchor moved by a month with so many open steps that hang on it."""

    steps: int
    preview_seconds: float
    preview_queries: int
    seconds: float
    queries: int
    undo_seconds: float
    undo_queries: int


@dataclass(frozen=True)
class MovesFigure:
    """The moves on one database; `vendor` is its kind, as Django names it."""

    database: str
    vendor: str
    moves: list[MoveFigure]

    def misses(self) -> list[str]:
        """Say which bars the moves miss; the most steps decide about time."""
        found, bar = [], MAX_MOVE_QUERIES[self.vendor]
        for move in self.moves:
            together = move.preview_seconds + move.seconds
            if together > MAX_MOVE_SECONDS:
                found.append(f"{move.steps:,} steps: {together:.2f} s with preview")
            if move.queries > bar:
                found.append(f"{move.steps:,} steps: {move.queries} queries, bar {bar}")
        if len({move.queries for move in self.moves}) > 1:
            found.append("the queries grow with the steps")
        return found


@dataclass(frozen=True)
class MailFigure:
    """Mails a second of one worker: the median run, the slowest and the fastest."""

    database: str
    count: int
    rate: float
    slowest: float
    fastest: float

    def misses(self) -> list[str]:
        """Say whether the rate misses its bar."""
        if self.rate >= MIN_MAILS_A_SECOND:
            return []
        return [f"{self.rate:.0f} mails a second, bar {MIN_MAILS_A_SECOND}"]


@dataclass(frozen=True)
class ClicksFigure:
    """Some users clicking for a while: what they met, and how long they waited.

    `median` and `p95` are seconds under the clicks of all, `unloaded` the median of
    the same mix by one user alone.
    """

    database: str
    engagements: int
    users: int
    seconds: float
    clicks: int
    ticks: int
    errors: list[str]
    median: float
    p95: float
    unloaded: float

    def misses(self) -> list[str]:
        """Say which bars the clicks miss."""
        found = [f"{len(self.errors)} errors"] if self.errors else []
        if not self.ticks:
            found.append("no click ticked a step")
        if self.p95 > MAX_TIMES_UNLOADED * self.unloaded:
            times = self.p95 / self.unloaded
            found.append(f"p95 is {times:.1f} × the unloaded median")
        return found


def compared(smaller: PagesFigure, larger: PagesFigure) -> list[str]:
    """Say which pages take too much longer with more engagements."""
    return [
        f"{large.title} as {large.login}: {times:.2f} × the time with "
        f"{smaller.engagements:,} engagements"
        for small, large in zip(smaller.pages, larger.pages, strict=True)
        if large.bars.times_floor
        and (times := large.milliseconds / small.milliseconds) > MAX_TIMES_SMALLER
    ]


@dataclass(frozen=True)
class StaffingFigure:
    """A search at one size: how many people, how long, how many queries."""

    title: str
    people: int
    bookings: int
    seconds: float
    queries: int

    @property
    def row(self) -> list[str]:
        numbers = [f"{self.people:,}", f"{self.bookings:,}"]
        return [self.title, *numbers, f"{self.seconds:.2f}", str(self.queries)]

    def misses(self) -> list[str]:
        """Say whether the search takes longer than its bar."""
        if self.seconds <= MAX_STAFFING_SECONDS:
            return []
        return [f"{self.title}: {self.seconds:.2f} s, bar {MAX_STAFFING_SECONDS} s"]


@dataclass(frozen=True)
class StaffingsFigure:
    """The searches on one database."""

    database: str
    searches: list[StaffingFigure]
