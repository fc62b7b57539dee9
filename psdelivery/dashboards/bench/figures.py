"""What is measured, and the bars of the design that it is held against."""

from dataclasses import dataclass

MAX_TIMES_FLOOR = 12
MAX_LIST_QUERIES = 12
MAX_PAGE_QUERIES = 25
MAX_HTML_BYTES = 150_000
MAX_STATIC_BYTES = 250_000
MAX_SCAN_SECONDS = 30.0


@dataclass(frozen=True)
class PageFigure:
    """One page as one log-in sees it; `max_queries` 0 means no bar."""

    title: str
    login: str
    queries: int
    size: int
    milliseconds: float
    max_queries: int = MAX_LIST_QUERIES

    def misses(self, floor: float) -> list[str]:
        """Say which bars the page misses."""
        found = []
        if self.max_queries and self.queries > self.max_queries:
            found.append(f"{self.queries} queries, bar {self.max_queries}")
        if self.size > MAX_HTML_BYTES:
            found.append(f"{self.size} bytes, bar {MAX_HTML_BYTES}")
        if self.milliseconds > MAX_TIMES_FLOOR * floor:
            times = self.milliseconds / floor
            found.append(f"{times:.1f} × the floor, bar {MAX_TIMES_FLOOR}")
        return found


@dataclass(frozen=True)
class PagesFigure:
    """All pages at one size of the data."""

    database: str
    engagements: int
    steps: int
    floor: PageFigure
    pages: list[PageFigure]
    static_bytes: int
    static_files: int


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
