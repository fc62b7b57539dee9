"""What is measured, and the bars of the design that it is held against."""

from dataclasses import dataclass

MAX_HTML_BYTES = 150_000
MAX_STATIC_BYTES = 250_000
MAX_SCAN_SECONDS = 30.0


@dataclass(frozen=True)
class Bars:
    """What a page is held against; 0 means no bar."""

    queries: int = 12
    times_floor: float = 12
    milliseconds: float = 0


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
            f"{self.size:,} bytes, bar {MAX_HTML_BYTES:,}": self.size > MAX_HTML_BYTES,
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
            found.append(f"{self.queued} mails queued of {self.due} due")
        if self.seconds > MAX_SCAN_SECONDS:
            found.append(f"{self.seconds:.1f} s, bar {MAX_SCAN_SECONDS:.0f} s")
        return found


@dataclass(frozen=True)
class ScansFigure:
    """The scans of one database, and whether they went by the index of due steps."""

    database: str
    by_index: bool
    scans: list[ScanFigure]
