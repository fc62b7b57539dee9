import gc
import os

import pytest
from hypothesis import HealthCheck, settings

from tests import machine

# How fast this machine is at the moment says nothing about the code.
settings.register_profile(
    "portal", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("portal")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The tables of the models, and what else the migrations make."""
    from tests.migrated import make_what_models_do_not

    with django_db_blocker.unblock():
        make_what_models_do_not()


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
    for sentence in machine.not_reachable():
        terminalreporter.write_line(sentence)
    if failed := os.environ.get("TESTS_FAILED_BEFORE_ON"):
        terminalreporter.write_line(f"FAILED before, on {failed}: see further up")
