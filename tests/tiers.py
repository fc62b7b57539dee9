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


def _pytest(*, marks, arguments, database):
    workers = os.environ.get("WORKERS", "2")
    command = [sys.executable, "-m", "pytest", "-n", workers, "--dist", "loadgroup"]
    if marks:
        command += ["-m", marks]
    environment = os.environ | {"TEST_DATABASE_URL": database}
    return subprocess.run([*command, *arguments], env=environment, check=False)


def _both(*marks):
    return " and ".join(f"({mark})" for mark in marks if mark)


def main(arguments):
    full = "--full" in arguments
    arguments = [word for word in arguments if word != "--full"]
    tier = FULL if full else QUICK
    codes = []
    if not machine.is_on_postgres():
        codes += [_pytest(marks=tier, arguments=arguments, database="").returncode]
    if machine.postgres_url():
        marks = _both(tier, ON_POSTGRES)
        run = _pytest(marks=marks, arguments=arguments, database=machine.postgres_url())
        codes += [run.returncode]
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
