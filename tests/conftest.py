import gc
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import machine
from tests.statements import Recorder, name_of, tell_locks

LONG = ("services", "browser")
# Where the workers of the first pass note what they sent, and what the second repeats.
SENT, CHOSEN = os.environ.get("TESTS_SENT"), os.environ.get("TESTS_CHOSEN")


def pytest_configure(config):
    if SENT:
        config.pluginmanager.register(Recorder(SENT), "statements")


def pytest_collection_modifyitems(config, items):
    if CHOSEN:
        chosen = set(json.loads(Path(CHOSEN).read_text()))
        left_out = [item for item in items if not is_one_of(chosen, item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if is_one_of(chosen, item)]
    # The longest go first, so that no worker is left alone with one of them.
    items.sort(key=lambda item: [not item.get_closest_marker(name) for name in LONG])


def is_one_of(chosen, item):
    return name_of(item) in chosen or item.nodeid.partition("::")[0] in chosen


# How fast this machine is at the moment says nothing about the code.
EXAMPLES = 100 if os.environ.get("TESTS_FULL") else 25
settings.register_profile(
    "portal",
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("portal")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The tables of the models, and what else the migrations make."""
    from django.db import connection

    from tests.migrated import make_what_models_do_not

    with django_db_blocker.unblock():
        make_what_models_do_not()
        tell_locks(connection)


@pytest.fixture(scope="session", autouse=True)
def flushed_history():
    # Imported late: this file is read before Django is set up.
    from tests.unlocking import let_flush_empty_the_history

    let_flush_empty_the_history()


@pytest.fixture
def cast(db):
    from tests.cast import make_cast

    return make_cast()


def pytest_collection_finish():
    # What is there by now stays to the end: to look through it again and again for
    # what may go took an eighth of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_terminal_summary(terminalreporter):
    # The closing lines say what the run covered, so nobody has to guess.
    terminalreporter.write_line(f"ran on: {', '.join(machine.ran_on())}")
    if CHOSEN:
        terminalreporter.write_line(
            f"on {machine.database()}: as few tests as send every statement"
        )
    for sentence in machine.not_reachable():
        terminalreporter.write_line(sentence)
    if failed := os.environ.get("TESTS_FAILED_BEFORE_ON"):
        terminalreporter.write_line(f"FAILED before, on {failed}: see further up")
