"""The two tiers of tests: `make test` and `make test-full`.

First everything on SQLite with the browser, then once more on PostgreSQL when it
answers: in the quick tier what writes, locks and sends, in the full one everything
but the browser. Further arguments go to pytest.
"""

import os
import subprocess
import sys

from tests import machine

QUICK = "not full"
FULL = ""
# What the second pass leaves out: the browser does not see the database, and what
# needs none says nothing new about it.
ON_POSTGRES = "not browser and not unit"
# Where the two databases differ: constraints, locks, statements of our own, services.
# The full tier repeats everything, pages and the other services too.
PLACES_ON_POSTGRES = (
    "tests/engagements",
    "tests/history",
    "tests/jobs",
    "tests/livetext",
    "tests/operations",
    "tests/outbox",
    "tests/playbooks",
    "tests/services/test_reminders.py",
)
NOT_PAGES = ("--ignore-glob=*_page*.py", "--ignore-glob=*_form*.py")


def _pytest(marks, arguments, **environment):
    workers = os.environ.get("WORKERS", "2")
    command = [sys.executable, "-m", "pytest", "-n", workers, "--dist", "loadgroup"]
    if marks:
        command += ["-m", marks]
    run = subprocess.run(
        [*command, *arguments], env=os.environ | environment, check=False
    )
    return run.returncode


def _again_on_postgres(tier, arguments, before, code):
    names_a_place = any(word.startswith("tests") for word in arguments)
    if tier == QUICK and not names_a_place:
        arguments = [*arguments, *NOT_PAGES, *PLACES_ON_POSTGRES]
    marks = " and ".join(f"({mark})" for mark in (tier, ON_POSTGRES) if mark)
    earlier = {"TESTS_RAN_BEFORE_ON": before}
    if code:
        earlier["TESTS_FAILED_BEFORE_ON"] = before
    return _pytest(
        marks, arguments, TEST_DATABASE_URL=machine.postgres_url(), **earlier
    )


def main(arguments):
    tier = FULL if "--full" in arguments else QUICK
    arguments = [word for word in arguments if word != "--full"]
    if machine.is_on_postgres():
        # Somebody asked for this database: the browser goes there too.
        return _pytest(tier, arguments)
    code = _pytest(tier, arguments)
    if machine.postgres_url():
        second = _again_on_postgres(tier, arguments, machine.database(), code)
        code = code or second
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
