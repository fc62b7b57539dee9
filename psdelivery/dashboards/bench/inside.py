"""What runs in a process of its own, on a database of its own, for the bench.

Settings are read once a process, so another database means another process.
"""

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import asdict

import django


def main(arguments: Sequence[str]) -> None:
    """Measure what is asked for and print the figures as JSON."""
    wanted = parsed(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psdelivery.settings.embedded")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    sys.stdout.write(f"{json.dumps(PARTS[wanted.what](wanted))}\n")


def parsed(arguments: Sequence[str]) -> Namespace:
    """Read the command line."""
    parser = ArgumentParser()
    parser.add_argument("what", choices=list(PARTS))
    parser.add_argument("--engagements", type=int, default=0)
    parser.add_argument("--steps", type=int, nargs="*", default=[])
    parser.add_argument("--due", type=int, nargs="*", default=[])
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--runs", type=int, default=30)
    return parser.parse_args(arguments)


def pages(wanted: Namespace) -> dict[str, object]:
    """Measure the pages; the static files are collected as `make run` does."""
    from time import perf_counter

    from django.db import connection

    from psdelivery.dashboards.bench.figures import PagesFigure
    from psdelivery.dashboards.bench.pages import measure_all, pages, static_weight
    from psdelivery.dashboards.bench.scans import database_words
    from psdelivery.playbooks.models import Step

    start = perf_counter()
    prepare(wanted)
    seconds = perf_counter() - start
    listed = pages()
    floor, figures = measure_all(listed, runs=wanted.runs)
    files, weight = static_weight(listed[0])
    return asdict(
        PagesFigure(
            database=database_words(),
            in_process=connection.vendor == "sqlite",
            engagements=wanted.engagements,
            steps=Step.objects.count(),
            floor=floor,
            pages=figures,
            static_bytes=weight,
            static_files=files,
            seed_seconds=seconds,
        )
    )


def prepare(wanted: Namespace) -> None:
    """Collect the static files and write the demo data, unless they are there."""
    from django.core.management import call_command

    from psdelivery import clock
    from psdelivery.dashboards.bench.data import fill, tidy_up

    call_command("collectstatic", interactive=False, verbosity=0)
    fill(wanted.engagements, clock.now())
    tidy_up()


def scans(wanted: Namespace) -> dict[str, object]:
    """Measure the reminder scan."""
    from psdelivery import clock
    from psdelivery.dashboards.bench.data import fill_with_steps, tidy_up
    from psdelivery.dashboards.bench.figures import ScansFigure
    from psdelivery.dashboards.bench.scans import (
        database_words,
        goes_by_index,
        measure_scans,
    )

    now = clock.now()
    fill_with_steps(wanted.steps[0], now)
    tidy_up()
    by_index = goes_by_index(now)
    return asdict(
        ScansFigure(database_words(), by_index, measure_scans(wanted.due, now))
    )


def moves(wanted: Namespace) -> dict[str, object]:
    """Measure moving an anchor with few and with many steps."""
    from django.db import connection

    from psdelivery import clock
    from psdelivery.dashboards.bench.figures import MovesFigure
    from psdelivery.dashboards.bench.moves import measure_moves
    from psdelivery.dashboards.bench.scans import database_words

    figures = measure_moves(wanted.steps, clock.now())
    return asdict(MovesFigure(database_words(), connection.vendor, figures))


def mails(wanted: Namespace) -> dict[str, object]:
    """Measure how many mails a second leave."""
    from psdelivery import clock
    from psdelivery.dashboards.bench.mails import measure_mails

    return asdict(measure_mails(wanted.mails, wanted.runs, clock.now()))


def staffing(wanted: Namespace) -> dict[str, object]:
    """Measure the search for people and for ways out."""
    from psdelivery import clock
    from psdelivery.dashboards.bench.staffing import measure_staffing

    return asdict(measure_staffing(wanted.users, wanted.runs, clock.now()))


def users(wanted: Namespace) -> dict[str, object]:
    """Write the demo data and return who clicks, each with a session."""
    from psdelivery.dashboards.bench.scans import database_words
    from psdelivery.dashboards.bench.users import clicking_users

    prepare(wanted)
    return {"users": clicking_users(wanted.users), "database": database_words()}


def boards(wanted: Namespace) -> dict[str, object]:
    """Measure the board with so many people; return a session for the browser too."""
    from django.core.management import call_command

    from psdelivery import clock
    from psdelivery.dashboards.bench.boards import measure_boards
    from psdelivery.dashboards.bench.data import tidy_up
    from psdelivery.dashboards.bench.planning import fill_planning
    from psdelivery.dashboards.bench.scans import database_words

    call_command("collectstatic", interactive=False, verbosity=0)
    now = clock.now()
    fill_planning(wanted.people, now)
    tidy_up()
    found = measure_boards(wanted.people, wanted.runs, now)
    pages = [asdict(page) for page in found["pages"]]
    return found | {"pages": pages, "database": database_words()}


PARTS: dict[str, Callable[[Namespace], dict[str, object]]] = {
    "pages": pages,
    "scans": scans,
    "moves": moves,
    "mails": mails,
    "users": users,
    "boards": boards,
    "staffing": staffing,
}

if __name__ == "__main__":
    main(sys.argv[1:])
