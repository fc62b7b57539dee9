"""Measure the portal, on databases of its own."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from psdelivery import clock
from psdelivery.dashboards.bench import report, serving
from psdelivery.dashboards.bench.board_figures import board_of
from psdelivery.dashboards.bench.databases import (
    BenchError,
    kept_database,
    passing_postgres,
    passing_sqlite,
    postgres_server,
    run_inside,
    surroundings,
)
from psdelivery.dashboards.bench.figures import (
    ClicksFigure,
    MailFigure,
    PagesFigure,
    compared,
)

SIZES = (200, 2000)
LARGE = (2000, 20_000)
DUE = (0, 10, 1000, 10_000)
STEPS = {"sqlite": 100_000, "postgresql": 1_000_000}
DEPENDENTS = (10, 1000)
MAILS = 1000
QUICK_SIZES, QUICK_DUE, QUICK_STEPS, QUICK_MAILS = (200,), (0, 10, 1000), 10_000, 200
MAIL_RUNS = 3
PEOPLE, QUICK_PEOPLE = (500, 2000), (500,)
STAFF, QUICK_STAFF, STAFFING_RUNS = 2_000, 200, 10
BOARD_PATH = "/schedule/board/"
# What is measured unless something is named; "large" takes half an hour.
USUAL = ("pages", "scan", "moves", "mails", "board", "clicks", "staffing")
# Only PostgreSQL serves as many.
ON_POSTGRES = {"clicks", "large"}


class Command(BaseCommand):
    help = (
        "Measure pages, the reminder scan, moves of dates, the outbox, the board and "
        "users who click, on demo data in databases of its own: SQLite, and PostgreSQL "
        "where 127.0.0.1:5432 answers (BENCH_POSTGRES_URL names another server)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quick", action="store_true", help="small data only")
        parser.add_argument("--only", nargs="+", choices=[*USUAL, "large"])
        parser.add_argument("--database", choices=["sqlite", "postgresql"])
        parser.add_argument("--engagements", type=int, nargs="*", default=[])
        parser.add_argument("--steps", type=int, default=0)
        parser.add_argument("--people", type=int, nargs="*", default=[])
        parser.add_argument("--runs", type=int, default=30, help="of each page")
        parser.add_argument("--users", type=int, default=50, help="who click")
        parser.add_argument("--seconds", type=int, default=60, help="of clicking")
        parser.add_argument("--folder", type=Path, help="default: bench in var")
        parser.add_argument("--write", type=Path, help="put the figures in this file")

    def handle(self, *args: Any, **options: Any) -> None:
        self.options = options
        self.parts: list[str] = []
        self.misses: list[str] = []
        self.folder = (options["folder"] or settings.VAR_DIR / "bench").resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.stdout.write(report.machine())
        self.say(report.load_words())
        try:
            for database in self.databases():
                self.measure_on(database)
        except BenchError as error:
            raise CommandError(str(error)) from error
        self.say(report.misses_text(self.misses))
        if options["write"]:
            report.write_section(options["write"], self.command_line(), self.parts)

    def databases(self) -> list[str]:
        """Return which databases are measured: those there are, or the one named."""
        self.server = postgres_server()
        there = ["sqlite", "postgresql"] if self.server else ["sqlite"]
        named = self.options["database"]
        if named and named not in there:
            raise CommandError("No PostgreSQL answers on 127.0.0.1:5432.")
        if not self.server:
            self.stdout.write("PostgreSQL: not reachable, left out.")
        return [named] if named else there

    def measure_on(self, database: str) -> None:
        """Measure what is wanted on one kind of database."""
        for section in self.options["only"] or USUAL:
            if database == "postgresql" or section not in ON_POSTGRES:
                self.sections[section](self, database)

    @contextmanager
    def lent(self, database: str) -> Iterator[str]:
        """Lend an empty database that goes afterwards."""
        lent = (
            passing_sqlite(self.folder)
            if database == "sqlite"
            else passing_postgres(self.server)
        )
        with lent as url:
            yield url

    def measure_pages(self, database: str) -> None:
        """Print the tables of pages."""
        usual = QUICK_SIZES if self.options["quick"] else SIZES
        for size in tuple(self.options["engagements"]) or usual:
            self.pages_with(database, size)

    def pages_with(self, database: str, size: int) -> PagesFigure:
        """Print the table of pages with so many engagements."""
        if database == "sqlite":
            url = kept_database(self.folder, size, clock.now())
            return self.pages_at(url, size)
        with self.lent(database) as url:
            return self.pages_at(url, size)

    def pages_at(self, url: str, size: int) -> PagesFigure:
        """Print the table of pages on a database."""
        arguments = ["pages", f"--engagements={size}", f"--runs={self.options['runs']}"]
        figure = report.pages_of(run_inside(url, self.folder, arguments))
        self.say(report.pages_text(figure))
        self.misses += report.misses_of_pages(figure)
        return figure

    def measure_large(self, database: str) -> None:
        """Print the tables of pages at two sizes, and how the larger one compares."""
        sizes = tuple(self.options["engagements"]) or LARGE
        smaller, larger = (self.pages_with(database, size) for size in sizes)
        self.say(report.compared_text(smaller, larger))
        self.misses += compared(smaller, larger)

    def measure_scan(self, database: str) -> None:
        """Print the table of scans."""
        quick = self.options["quick"]
        steps = self.options["steps"] or (QUICK_STEPS if quick else STEPS[database])
        due = [count for count in (QUICK_DUE if quick else DUE) if count < steps / 4]
        arguments = ["scans", f"--steps={steps}", "--due", *map(str, due)]
        with self.lent(database) as url:
            figure = report.scans_of(run_inside(url, self.folder, arguments))
        self.say(report.scans_text(figure))
        self.misses += report.misses_of_scans(figure)

    def measure_moves(self, database: str) -> None:
        """Print the table of anchors that move."""
        arguments = ["moves", "--steps", *map(str, DEPENDENTS)]
        with self.lent(database) as url:
            figure = report.moves_of(run_inside(url, self.folder, arguments))
        self.say(report.moves_text(figure))
        self.misses += [f"{figure.database}: {miss}" for miss in figure.misses()]

    def measure_mails(self, database: str) -> None:
        """Print how many mails a second leave."""
        count = QUICK_MAILS if self.options["quick"] else MAILS
        arguments = ["mails", f"--mails={count}", f"--runs={MAIL_RUNS}"]
        with self.lent(database) as url, serving.mail_server() as mail:
            told = run_inside(url, self.folder, arguments, email_url=mail)
        figure = MailFigure(**told)
        self.say(report.mails_text(figure))
        self.misses += [f"{figure.database}: {miss}" for miss in figure.misses()]

    def measure_clicks(self, database: str) -> None:
        """Print what users met who clicked at once."""
        size = (self.options["engagements"] or SIZES[-1:])[0]
        if self.options["quick"]:
            size = QUICK_SIZES[0]
        users = f"--users={self.options['users']}"
        with self.lent(database) as url:
            told = run_inside(
                url, self.folder, ["users", f"--engagements={size}", users]
            )
            environment = surroundings(url, self.folder)
            with serving.portal(environment, self.folder) as port:
                heard = serving.click(port, told["users"], self.options["seconds"])
        figure = ClicksFigure(told["database"], size, **heard)
        self.say(report.clicks_text(figure))
        self.misses += [f"{figure.database}: {miss}" for miss in figure.misses()]

    def measure_board(self, database: str) -> None:
        """Print the board with some hundred people, and with some thousand."""
        sizes = QUICK_PEOPLE if self.options["quick"] else PEOPLE
        for people in self.options["people"] or sizes:
            with self.lent(database) as url:
                arguments = [f"--people={people}", f"--runs={self.options['runs']}"]
                told = run_inside(url, self.folder, ["boards", *arguments])
                environment = surroundings(url, self.folder)
                with serving.portal(environment, self.folder) as port:
                    seen = serving.browse(port, BOARD_PATH, told["cookie"])
            figure = board_of(told, seen["tasks"], seen["browser"])
            self.say(report.board_text(figure))
            self.misses += figure.misses()

    def measure_staffing(self, database: str) -> None:
        """Print how long candidates and ways out take among many people."""
        people = QUICK_STAFF if self.options["quick"] else STAFF
        with self.lent(database) as url:
            arguments = ["staffing", f"--users={people}", f"--runs={STAFFING_RUNS}"]
            figure = report.staffing_of(run_inside(url, self.folder, arguments))
        self.say(report.staffing_text(figure))
        self.misses += [
            f"{figure.database}: {miss}"
            for search in figure.searches
            for miss in search.misses()
        ]

    sections: dict[str, Callable[["Command", str], None]] = {
        "pages": measure_pages,
        "scan": measure_scan,
        "moves": measure_moves,
        "mails": measure_mails,
        "board": measure_board,
        "clicks": measure_clicks,
        "staffing": measure_staffing,
        "large": measure_large,
    }

    def say(self, part: str) -> None:
        """Print a part and keep it for the file."""
        if part:
            self.parts.append(part)
            self.stdout.write(f"\n{part}")

    def command_line(self) -> str:
        """Return the command that makes these figures again."""
        words = []
        if self.options["quick"]:
            words.append("--quick")
        if self.options["only"]:
            words.append(f"--only {' '.join(self.options['only'])}")
        if self.options["database"]:
            words.append(f"--database {self.options['database']}")
        return f'make bench ARGS="{" ".join(words)}"' if words else "make bench"
