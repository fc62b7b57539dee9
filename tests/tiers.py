"""The two tiers of tests: `make test` and `make test-full`.

First everything on SQLite with the browser, then the tests without a browser
once more on PostgreSQL when it answers. Further arguments go to pytest.
"""

import os
import subprocess
import sys

from tests import machine

QUICK = "not full"
FULL = ""
# What the second pass leaves out: the browser does not see the database.
ON_POSTGRES = "not browser"


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
