"""The figures as plain text, for the screen and for docs/performance.md."""

import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import django

from psdelivery.dashboards.bench.board_figures import BoardFigure
from psdelivery.dashboards.bench.figures import (
    MAX_STATIC_BYTES,
    Bars,
    ClicksFigure,
    MailFigure,
    MoveFigure,
    MovesFigure,
    PageFigure,
    PagesFigure,
    ScanFigure,
    ScansFigure,
    StaffingFigure,
    StaffingsFigure,
)

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
PAGE_HEAD = ("page", "as", "queries", "HTML bytes", "ms", "of it CPU", "× floor")
MOVE_HEAD = (
    "open steps", "preview s", "queries", "move s", "queries", "undo s", "queries",
)  # fmt: skip
STAFFING_HEAD = ("search", "people", "bookings", "seconds", "queries")
SCAN_HEAD = ("steps", "due", "seconds", "queries", "reminders")


def machine() -> str:
    """Describe the machine without naming it."""
    return (
        f"{os.cpu_count()} cores · Python {platform.python_version()} · "
        f"Django {django.get_version()}"
    )


def page_of(data: dict[str, Any]) -> PageFigure:
    """Read the figures of one page back."""
    return PageFigure(**data | {"bars": Bars(**data["bars"])})


def pages_of(data: dict[str, Any]) -> PagesFigure:
    """Read the figures of pages back from what a process printed."""
    pages = [page_of(page) for page in data["pages"]]
    return PagesFigure(**data | {"floor": page_of(data["floor"]), "pages": pages})


def moves_of(data: dict[str, Any]) -> MovesFigure:
    """Read the figures of moves back from what a process printed."""
    return MovesFigure(**data | {"moves": [MoveFigure(**one) for one in data["moves"]]})


def scans_of(data: dict[str, Any]) -> ScansFigure:
    """Read the figures of scans back from what a process printed."""
    return ScansFigure(**data | {"scans": [ScanFigure(**one) for one in data["scans"]]})


def load_words() -> str:
    """Return the load before anything was measured, with a warning when it is high.

    The load of the last minute counts what waits for a processor.
    """
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load <= cores / 2:
        return f"Load of the machine at the start: {load:.1f}."
    return f"Other work runs on this machine (load {load:.1f}): times are too long."


def table(head: Sequence[str], rows: Iterable[Sequence[str]], words: int) -> str:
    """Set rows in columns; so many of them hold words, the others numbers."""
    lines = [list(head), *map(list, rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < words else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def pages_text(figure: PagesFigure) -> str:
    """Return the table of pages."""
    rows = [
        page_row(page, figure.times_floor(page))
        for page in [figure.floor, *figure.pages]
    ]
    return "\n".join(
        [
            f"Pages · {figure.database} · {figure.engagements:,} engagements, "
            f"{figure.steps:,} steps",
            table(PAGE_HEAD, rows, 2),
            f"CSS and JS of a page: {figure.static_files} files, "
            f"{figure.static_bytes:,} bytes compressed",
        ]
    )


def page_row(page: PageFigure, times_floor: float) -> list[str]:
    """Return the row of a page."""
    return [
        page.title,
        page.login,
        str(page.queries),
        f"{page.size:,}",
        f"{page.milliseconds:.1f}",
        f"{page.cpu:.1f}",
        f"{times_floor:.1f}",
    ]


def scans_text(figure: ScansFigure) -> str:
    """Return the table of scans."""
    rows = [
        [
            f"{scan.steps:,}",
            f"{scan.due:,}",
            f"{scan.seconds:.2f}",
            str(scan.queries),
            f"{scan.queued:,}",
        ]
        for scan in figure.scans
    ]
    plan = "by the partial index" if figure.by_index else "WITHOUT the partial index"
    return "\n".join(
        [
            f"Reminder scan · {figure.database} · due steps found {plan}",
            table(SCAN_HEAD, rows, 0),
        ]
    )


def compared_text(smaller: PagesFigure, larger: PagesFigure) -> str:
    """Return how many times the smaller portal's time each page of the larger takes."""
    rows = [
        [
            large.title,
            large.login,
            f"{small.milliseconds:.1f}",
            f"{large.milliseconds:.1f}",
            f"{large.milliseconds / small.milliseconds:.2f}",
        ]
        for small, large in zip(smaller.pages, larger.pages, strict=True)
    ]
    sizes = (f"{smaller.engagements:,}", f"{larger.engagements:,}")
    head = ("page", "as", *(f"ms at {size}" for size in sizes), "times")
    return "\n".join(
        [
            f"{sizes[1]} against {sizes[0]} engagements · {larger.database}",
            f"Written in {larger.seed_seconds / 60:.1f} minutes: "
            f"{larger.steps:,} steps.",
            table(head, rows, 2),
        ]
    )


def moves_text(figure: MovesFigure) -> str:
    """Return the table of moves."""
    rows = [
        [
            f"{move.steps:,}",
            f"{move.preview_seconds:.2f}",
            str(move.preview_queries),
            f"{move.seconds:.2f}",
            str(move.queries),
            f"{move.undo_seconds:.2f}",
            str(move.undo_queries),
        ]
        for move in figure.moves
    ]
    return "\n".join(
        [
            f"An anchor moves by a month · {figure.database}",
            table(MOVE_HEAD, rows, 0),
        ]
    )


def staffing_of(data: dict[str, Any]) -> StaffingsFigure:
    """Read the figures of searches back from what a process printed."""
    searches = [StaffingFigure(**one) for one in data["searches"]]
    return StaffingsFigure(data["database"], searches)


def staffing_text(figure: StaffingsFigure) -> str:
    """Return the table of searches for people."""
    rows = [one.row for one in figure.searches]
    title = f"Who could do it, and ways out · {figure.database}"
    return "\n".join([title, table(STAFFING_HEAD, rows, 1)])


def mails_text(figure: MailFigure) -> str:
    """Return the line about the outbox."""
    return (
        f"Outbox · {figure.database} · {figure.count:,} mails, one worker, each "
        f"committed: {figure.rate:.0f} a second "
        f"({figure.slowest:.0f} to {figure.fastest:.0f})"
    )


def clicks_text(figure: ClicksFigure) -> str:
    """Return the lines about users who click."""
    rate = figure.clicks / figure.seconds
    lines = [
        f"{figure.users} users clicking · {figure.database} · "
        f"{figure.engagements:,} engagements",
        f"{figure.clicks:,} clicks in {figure.seconds:.0f} s ({rate:.1f} a second), "
        f"{figure.ticks} steps ticked, {len(figure.errors)} errors",
        f"median {figure.median * 1000:.0f} ms, p95 {figure.p95 * 1000:.0f} ms; "
        f"one user alone: median {figure.unloaded * 1000:.0f} ms",
    ]
    return "\n".join([*lines, *sorted(set(figure.errors))[:10]])


def board_text(figure: BoardFigure) -> str:
    """Return the tables of the board: the server's and the browser's."""
    rows = [page_row(page, 0)[:-1] for page in figure.pages]
    lines = [
        f"Board · {figure.database} · {figure.people:,} people, "
        f"{figure.days:,} booked days",
        table(PAGE_HEAD[:-1], rows, 2),
    ]
    if not figure.tasks:
        return "\n".join([*lines, "No Chromium: the browser's part is not measured."])
    tasks = [
        [one.doing, f"{one.longest:.0f}", str(one.count), f"{one.seconds:.1f}"]
        for one in figure.tasks
    ]
    lines += [
        f"{figure.browser}: tasks of its main thread",
        table(("doing", "longest ms", "over 50 ms", "in s"), tasks, 1),
    ]
    return "\n".join(lines)


def misses_of_pages(figure: PagesFigure) -> list[str]:
    """Say which bars were missed by which page."""
    place = f"{figure.database}, {figure.engagements:,}"
    found = [
        f"{place}: {page.title} as {page.login}: {miss}"
        for page in figure.pages
        for miss in page.misses(figure.times_floor(page))
    ]
    if figure.static_bytes > MAX_STATIC_BYTES:
        found.append(f"{place}: CSS and JS {figure.static_bytes:,} bytes")
    return found


def misses_of_scans(figure: ScansFigure) -> list[str]:
    """Say which bars were missed by which scan."""
    found = [
        f"{figure.database}: scan of {scan.steps:,} with {scan.due:,} due: {miss}"
        for scan in figure.scans
        for miss in scan.misses()
    ]
    if not figure.by_index:
        found.append(f"{figure.database}: the scan does not use the partial index")
    return found


def misses_text(misses: Sequence[str]) -> str:
    """Return what is said about the bars at the end."""
    if not misses:
        return "All bars are met."
    return "\n".join(["Bars missed:", *(f"- {miss}" for miss in misses)])


def write_section(path: Path, command: str, parts: Sequence[str]) -> None:
    """Put the figures between the marks of a Markdown file, with their command."""
    text = path.read_text("utf-8")
    before, rest = text.split(BEGIN)
    _old, after = rest.split(END)
    blocks = "\n\n".join(f"```text\n{part}\n```" for part in parts)
    section = f"{BEGIN}\nMade by `{command}` on {machine()}.\n\n{blocks}\n{END}"
    path.write_text(f"{before}{section}{after}", "utf-8")
