"""For pytest: SQLite in memory, or the database of TEST_DATABASE_URL."""

import tempfile
from pathlib import Path

from psdelivery.settings.base import *  # noqa: F403 (a settings module extends another)
from psdelivery.settings.base import (
    MIDDLEWARE,
    STORAGES,
    database_from_url,
    env,
    sqlite_database,
)

SECRET_KEY = "only-for-tests"  # noqa: S105 (guards nothing)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
DATABASES = {
    "default": database_from_url("TEST_DATABASE_URL")
    if env.str("TEST_DATABASE_URL", default="")
    else sqlite_database(":memory:")
}
# A test may not leave a connection open that the clean-up then waits for.
DATABASES["default"]["CONN_MAX_AGE"] = 0
# Tables by the models: that the migrations make the same ones has a test of its own.
DATABASES["default"]["TEST"] = {"MIGRATE": False}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise.")]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
MEDIA_ROOT = Path(tempfile.gettempdir()) / "psdelivery-test-media"
DEMO = False
EMAIL_URL = ""
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_BROKER_URL = "memory://"

# Asked for by its own tests; the walks over all pages log in without a password.
MFA_REAUTHENTICATION_REQUIRED = False

# A GitLab on this machine needs no TLS.
OUTBOUND_HTTP_ON_LOOPBACK = True
# Nobody answers there.
OUTBOUND_ALLOWED_HOSTS = ["gitlab.example"]
GITLAB_TOKENS = {"gitlab.example": "a-token"}  # noqa: S105 (opens nothing)
