"""The default: SQLite and a broker made of files, nothing to install beside it."""

import os
import secrets

from psdelivery.settings.base import *  # noqa: F403 (a settings module extends another)
from psdelivery.settings.base import VAR_DIR, database_from_url, env, sqlite_database
from psdelivery.settings.guards import refuse_demo_beyond_loopback


def _own_secret_key() -> str:
    """Return this copy's key; the first process to ask makes it."""
    path = VAR_DIR / "secret-key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text()


BROKER_DIR = VAR_DIR / "broker"
for folder in (VAR_DIR, VAR_DIR / "media", BROKER_DIR, BROKER_DIR / "control"):
    folder.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or _own_secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
DEMO = env.bool("DEMO", default=False)
refuse_demo_beyond_loopback(DEMO, ALLOWED_HOSTS)

DATABASES = {
    "default": database_from_url("DATABASE_URL")
    if env.str("DATABASE_URL", default="")
    else sqlite_database(VAR_DIR / "portal.sqlite3")
}

# The file broker loses messages with more than one consumer, so there is one
# worker, with threads. What it loses all the same the next scan finds.
CELERY_BROKER_URL = env.str("REDIS_URL", default="filesystem://localhost")
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR),
        "data_folder_out": str(BROKER_DIR),
        "control_folder": str(BROKER_DIR / "control"),
        # Seconds between two looks, also while the worker is full. Well below
        # SCAN_SECONDS, or the tasks behind the first expire unseen, every time.
        "polling_interval": 0.2,
    }
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_CONCURRENCY = 4
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
# Tries to log in are counted in the cache: one for all processes, kept by a restart.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CELERY_BROKER_URL,
    }
    if CELERY_BROKER_URL.startswith("redis")
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
# Threads cannot be interrupted: the leases in the database bound the work.
CELERY_TASK_SOFT_TIME_LIMIT = None
CELERY_TASK_TIME_LIMIT = None

# A GitLab on this machine needs no TLS.
OUTBOUND_HTTP_ON_LOOPBACK = True
