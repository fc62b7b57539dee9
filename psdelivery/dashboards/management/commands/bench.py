"""Measure pages and the reminder scan, on databases of their own."""

from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from psdelivery import clock
from psdelivery.dashboards.bench import report
from psdelivery.dashboards.bench.databases import (
    BenchError,
    kept_database,
    passing_postgres,
    passing_sqlite,
    postgres_server,
    run_inside,
)

SIZES = (200, 2000)
DUE = (0, 10, 1000, 10_000)
STEPS = {"sqlite": 100_000, "postgresql": 1_000_000}
QUICK_SIZES, QUICK_DUE, QUICK_STEPS = (200,), (0, 10, 1000), 10_000


class Command(BaseCommand):
    help = (
        "Measure pages and the reminder scan on demo data in databases of its own: "
        "SQLite, and PostgreSQL where 127.0.0.1:5432 answers (BENCH_POSTGRES_URL "
        "names another server)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quick", action="store_true", help="small data only")
        parser.add_argument("--only", choices=["pages", "scan"])
        parser.add_argument("--database", choices=["sqlite", "postgresql"])
        parser.add_argument("--engagements", type=int, nargs="*", default=[])
        parser.add_argument("--steps", type=int, default=0)
        parser.add_argument("--runs", type=int, default=30, help="of each page")
        parser.add_argument("--folder", type=Path, help="default: bench in var")
        parser.add_argument("--write", type=Path, help="put the figures in this file")

    def handle(self, *args: Any, **options: Any) -> None:
        self.options = options
        self.parts: list[str] = []
        self.misses: list[str] = []
        self.folder = (options["folder"] or settings.VAR_DIR / "bench").resolve()
        self.stdout.write(report.machine())
        if busy := report.busy_words():
            self.say(busy)
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
        if self.options["only"] != "scan":
            for size in self.sizes():
                self.measure_pages(database, size)
        if self.options["only"] != "pages":
            self.measure_scan(database)

    def sizes(self) -> tuple[int, ...]:
        """Return the numbers of engagements to measure with."""
        usual = QUICK_SIZES if self.options["quick"] else SIZES
        return tuple(self.options["engagements"]) or usual

    def measure_pages(self, database: str, size: int) -> None:
        """Print the table of pages with so many engagements."""
        arguments = ["pages", f"--engagements={size}", f"--runs={self.options['runs']}"]
        with ExitStack() as stack:
            url = (
                kept_database(self.folder, size, clock.now())
                if database == "sqlite"
                else stack.enter_context(passing_postgres(self.server))
            )
            figure = report.pages_of(run_inside(url, self.folder, arguments))
        self.say(report.pages_text(figure))
        self.misses += report.misses_of_pages(figure)

    def measure_scan(self, database: str) -> None:
        """Print the table of scans."""
        quick = self.options["quick"]
        steps = self.options["steps"] or (QUICK_STEPS if quick else STEPS[database])
        due = [count for count in (QUICK_DUE if quick else DUE) if count < steps / 4]
        arguments = ["scans", f"--steps={steps}", "--due", *map(str, due)]
        lent = (
            passing_sqlite(self.folder)
            if database == "sqlite"
            else passing_postgres(self.server)
        )
        with lent as url:
            figure = report.scans_of(run_inside(url, self.folder, arguments))
        self.say(report.scans_text(figure))
        self.misses += report.misses_of_scans(figure)

    def say(self, part: str) -> None:
        """Print a part and keep it for the file."""
        self.parts.append(part)
        self.stdout.write(f"\n{part}")

    def command_line(self) -> str:
        """Return the command that makes these figures again."""
        words = []
        if self.options["quick"]:
            words.append("--quick")
        if self.options["only"]:
            words.append(f"--only {self.options['only']}")
        if self.options["database"]:
            words.append(f"--database {self.options['database']}")
        return f'make bench ARGS="{" ".join(words)}"' if words else "make bench"
