"""Portals of their own: embedded in the pass on SQLite, else as in production."""

import fcntl
import os
from shutil import copyfile

import pytest
import redis

from tests import machine
from tests.services.processes import Portal, PostgresDatabase

# Each pass of the suite takes the shape of its database, so both run, once each.
# One Redis for all, so the tests that use it run one after the other.
ON_REDIS = pytest.param("production", marks=pytest.mark.xdist_group("redis"))
SHAPES = [ON_REDIS] if machine.is_on_postgres() else ["embedded"]
PRODUCTION = {
    "redis_url": machine.redis_url(),
    "settings": "psdelivery.settings.production",
}
LIMITS = {"OUTBOX_LEASE_SECONDS": 2, "EMAIL_TIMEOUT": 5, "OUTBOX_BATCH": 50}


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    """A migrated SQLite file to copy, the same for all workers of a run."""
    base = tmp_path_factory.getbasetemp()
    # Each worker has its own folder below that of the run.
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "made"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        path = folder / "portal.sqlite3"
        if not path.exists():
            Portal(folder).migrate()
        return path


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory):
    """A migrated database to copy on the PostgreSQL server."""
    if not (machine.postgres_url() and machine.redis_url()):
        pytest.skip("PostgreSQL and Redis are not both reachable")
    folder = tmp_path_factory.mktemp("migrated")
    with PostgresDatabase(machine.postgres_url()) as database:
        Portal(folder, **PRODUCTION, database_url=database.url).migrate()
        yield database


@pytest.fixture(params=SHAPES, scope="module")
def make_portal(request, tmp_path_factory):
    """Function that starts a portal: SQLite and file broker, or PostgreSQL and Redis.

    All portals of a module share one migrated database; empty the tables you use.
    Production refuses a shifted clock: for that, give it the embedded settings,
    `make_portal(settings=EMBEDDED, PSD_CLOCK_OFFSET_HOURS=72)`.
    """
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "embedded":
        copyfile(request.getfixturevalue("migrated_file"), folder / "portal.sqlite3")
        yield lambda **changes: Portal(folder, **LIMITS | changes)
        return
    migrated = request.getfixturevalue("migrated_database")
    redis.Redis.from_url(machine.redis_url()).flushdb()
    with PostgresDatabase(machine.postgres_url(), like=migrated.name) as database:
        shape = PRODUCTION | {"database_url": database.url}
        yield lambda **changes: Portal(folder, **shape | LIMITS | changes)
