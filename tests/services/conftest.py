"""Portals of their own: embedded in the pass on SQLite, else as in production."""

import pytest
import redis

from tests import machine
from tests.services.processes import Portal, PostgresDatabase

# Each pass of the suite takes the shape of its database, so both run, once each.
# One Redis for all, so the tests that use it run one after the other.
ON_REDIS = pytest.param("production", marks=pytest.mark.xdist_group("redis"))
SHAPES = [ON_REDIS] if machine.is_on_postgres() else ["embedded"]
LIMITS = {"OUTBOX_LEASE_SECONDS": 2, "EMAIL_TIMEOUT": 5, "OUTBOX_BATCH": 50}


@pytest.fixture(params=SHAPES, scope="module")
def make_portal(request, tmp_path_factory):
    """Function that starts a portal: SQLite and file broker, or PostgreSQL and Redis.

    All portals of a module share one migrated database; empty the tables you use.
    Production refuses a shifted clock: for that, give it the embedded settings,
    `make_portal(settings=EMBEDDED, PSD_CLOCK_OFFSET_HOURS=72)`.
    """
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "embedded":
        Portal(folder).migrate()
        yield lambda **changes: Portal(folder, **LIMITS | changes)
        return
    if not (machine.postgres_url() and machine.redis_url()):
        pytest.skip("PostgreSQL and Redis are not both reachable")
    redis.Redis.from_url(machine.redis_url()).flushdb()
    with PostgresDatabase(machine.postgres_url()) as database:
        shape = {
            "database_url": database.url,
            "redis_url": machine.redis_url(),
            "settings": "psdelivery.settings.production",
        }
        Portal(folder, **shape).migrate()
        yield lambda **changes: Portal(folder, **shape | LIMITS | changes)
