"""The two tiers of tests: `make test` and `make test-full`.

First everything on SQLite with the browser, then once more on PostgreSQL when it
answers: in the full tier everything but the browser, in the quick one as few tests as
send every statement (`tests/statements.py`). Further arguments go to pytest.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import machine
from tests.statements import fewest, sent_by_tests

QUICK = "not full"
FULL = ""
# What the second pass leaves out: the browser does not see the database, and what
# needs none says nothing new about it.
ON_POSTGRES = "not browser and not unit"
# Portals of their own, whose statements nobody hears.
ALWAYS_ON_POSTGRES = (
    "tests/services/test_migrated.py",
    "tests/services/test_reminders.py",
)


def _pytest(marks, arguments, **environment):
    workers = os.environ.get("WORKERS", "2")
    command = [sys.executable, "-m", "pytest", "-n", workers, "--dist", "loadgroup"]
    if marks:
        command += ["-m", marks]
    # Dozens of processes are started: what one compiles serves the others.
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    run = subprocess.run([*command, *arguments], env=kept | environment, check=False)
    return run.returncode


def _on_both(tier, arguments, folder):
    """Run the tests on SQLite, then what is worth it on PostgreSQL."""
    code = _pytest(tier, arguments, TESTS_SENT=folder)
    environment = {"TESTS_RAN_BEFORE_ON": machine.database()}
    if code:
        environment["TESTS_FAILED_BEFORE_ON"] = machine.database()
    if tier == QUICK and not any(word.startswith("tests") for word in arguments):
        names = [*fewest(sent_by_tests(folder)), *ALWAYS_ON_POSTGRES]
        environment["TESTS_CHOSEN"] = str(Path(folder, "chosen"))
        Path(folder, "chosen").write_text(json.dumps(names))
        arguments = [*arguments, *sorted({name.partition("::")[0] for name in names})]
    marks = " and ".join(f"({mark})" for mark in (tier, ON_POSTGRES) if mark)
    environment["TEST_DATABASE_URL"] = machine.postgres_url()
    second = _pytest(marks, arguments, **environment)
    return code or second


def main(arguments):
    tier = FULL if "--full" in arguments else QUICK
    arguments = [word for word in arguments if word != "--full"]
    if tier == FULL:
        os.environ["TESTS_FULL"] = "1"
    # Somebody may have asked for PostgreSQL: then the browser goes there too.
    if machine.is_on_postgres() or not machine.postgres_url():
        return _pytest(tier, arguments)
    with TemporaryDirectory() as folder:
        return _on_both(tier, arguments, folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
