"""What all run shapes share. What differs is read from the environment.

Every variable is described in `.env.example`; a file `.env` beside `manage.py`
is read when it exists, and the real environment wins over it.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from psdelivery.settings.beat import HOUR, looks_of_beat

BASE_DIR = Path(__file__).resolve().parents[2]

env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

# Everything the running portal writes: database, broker, documents, static.
VAR_DIR = Path(env.str("PSD_VAR_DIR", default=str(BASE_DIR / "var"))).resolve()

DEBUG = False
# Demo users: `seed_demo` makes them, only with DEMO=1 and on loopback hosts.
DEMO = env.bool("DEMO", default=False)
DEMO_LOGINS = (
    "coordinator",
    "pse",
    "trainer",
    "pm",
    "em",
    "account",
    "manager",
    "leader",
    "finance",
    "admin",
)
DEMO_PASSWORD = "demo"  # noqa: S105 (printed at the start, refused beyond loopback)
ALLOWED_HOSTS: list[str] = []
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Address of the portal as people type it: the links in mails begin with it.
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")

INSTALLED_APPS = [
    "psdelivery.people",
    "psdelivery.history",
    "psdelivery.operations",
    "psdelivery.documents",
    "psdelivery.jobs",
    "psdelivery.livetext",
    "psdelivery.outbox",
    "psdelivery.comments",
    "psdelivery.playbooks",
    "engagements",
    "engagements.execution",
    "scheduling",
    "training",
    "closeout",
    "psdelivery.dashboards",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "template_partials",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "psdelivery.documents.uploads.BodyLimitMiddleware",
    "psdelivery.people.middleware.ReaderZoneMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "psdelivery.gatekeeper.AccessMiddleware",
    "psdelivery.people.second_factor.SecondFactorMiddleware",
]

ROOT_URLCONF = "psdelivery.urls"
WSGI_APPLICATION = "psdelivery.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "psdelivery.people.context_processors.navigation",
                "psdelivery.operations.context_processors.alarm",
            ],
        },
    }
]

# Database


def sqlite_database(path: Path | str) -> dict[str, Any]:
    """Many writers on one file: readers never wait, writers queue from the start.

    IMMEDIATE takes the write lock when a transaction begins. Without it two
    transactions that read first and write later fail with "database is locked".
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def database_from_url(name: str) -> dict[str, Any]:
    """Read a database address, with the connections kept and checked."""
    config: dict[str, Any] = env.db_url(name)
    if config["ENGINE"] == "django.db.backends.sqlite3":
        return sqlite_database(config["NAME"])
    # Whoever waits for a database that is gone would rather be told. Compiling a
    # statement (JIT) takes seconds where answering it takes a tenth of one.
    usual = {"connect_timeout": 10, "options": "-c jit=off"}
    options = usual | config.get("OPTIONS", {})
    kept = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}
    return config | kept


DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Log-in

# What an earlier key encrypted or signed is still read.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboards:my-day"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGOUT_REDIRECT_URL
ACCOUNT_ADAPTER = "psdelivery.outbox.accounts.AccountAdapter"
# The answer is the same for a known and an unknown address, and nothing is
# mailed to people outside.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = None
# By address, as the outermost proxy saw it, then by person. A whole office may stand
# behind one address, so that one is allowed more.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "20/m/ip,100/h/ip,5/15m/key",
}
# The second factor: an app, and codes on paper. Addresses are the administrator's.
MFA_ADAPTER = "psdelivery.people.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "PS Delivery"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
# The log-in of the company (OpenID Connect): off without a server.
OIDC_PROVIDER_ID = "sign-on"
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="")
OIDC_NAME = env.str("OIDC_NAME", default="company log-in")
OIDC_CREATE_PEOPLE = env.bool("OIDC_CREATE_PEOPLE", default=False)
SOCIALACCOUNT_ADAPTER = "psdelivery.people.company_log_in.CompanyAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": OIDC_PROVIDER_ID,
                "name": OIDC_NAME,
                "client_id": env.str("OIDC_CLIENT_ID", default=""),
                "secret": env.str("OIDC_CLIENT_SECRET", default=""),
                "settings": {"server_url": OIDC_SERVER_URL},
            }
        ],
        "OAUTH_PKCE_ENABLED": True,
    }
}
SESSION_COOKIE_AGE = int(timedelta(days=7).total_seconds())

# Browser

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # Bootstrap draws its small arrows and ticks as data: pictures.
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

FORM_RENDERER = "psdelivery.people.rendering.FormRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Language and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
# Added to the clock in demos and trials (psdelivery/clock.py).
CLOCK_OFFSET = timedelta(hours=env.float("PSD_CLOCK_OFFSET_HOURS", default=0.0))

# Files

# The first cuts what is too large; the others keep it in memory or on disk.
FILE_UPLOAD_HANDLERS = [
    "psdelivery.documents.uploads.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Names carry a hash of the content, so browsers keep them for a year.
WHITENOISE_MAX_AGE = int(timedelta(days=1).total_seconds())

# Mail. Without EMAIL_URL nothing leaves: the outbox keeps mails readable.

EMAIL_URL = env.str("EMAIL_URL", default="")
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
if EMAIL_URL:
    globals().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default="PS Delivery <ps-delivery@localhost>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Right-hand side of every Message-ID.
MAIL_DOMAIN = env.str("MAIL_DOMAIN", default="ps-delivery.localhost")
OUTBOX_LEASE_SECONDS = env.int("OUTBOX_LEASE_SECONDS", default=120)
OUTBOX_BATCH = env.int("OUTBOX_BATCH", default=50)

# Customers' GitLab projects. Nothing leaves for a host that is not named here.

OUTBOUND_ALLOWED_HOSTS = env.list("OUTBOUND_ALLOWED_HOSTS", default=[])
GITLAB_TOKENS: dict[str, str] = env.dict("GITLAB_TOKENS", default={})
# Without TLS only to this machine, and only in trials and tests.
OUTBOUND_HTTP_ON_LOOPBACK = False

# Jobs

# How often beat looks for mail and reminders.
SCAN_SECONDS = env.int("SCAN_SECONDS", default=30)
CELERY_TIMEZONE = "UTC"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "jobs"
# Three queues, so that a long import never delays a reminder.
CELERY_TASK_ROUTES = {
    "outbox.*": {"queue": "mail"},
    "playbooks.scan_*": {"queue": "scan"},
    "scheduling.look_at_*": {"queue": "scan"},
    "training.look_at_*": {"queue": "scan"},
    "scheduling.extend_horizon": {"queue": "jobs"},
    "scheduling.ask_for_hours": {"queue": "jobs"},
    "execution.pass_over_*": {"queue": "jobs"},
}
CELERY_TASK_SOFT_TIME_LIMIT: int | None = 240
CELERY_TASK_TIME_LIMIT: int | None = 300
# A background job may take an hour; other tasks only look and are soon done.
CELERY_TASK_ANNOTATIONS = {
    "jobs.run_ready": {"soft_time_limit": HOUR - 60, "time_limit": HOUR}
}
# After which another worker takes up a job whose runner shows no sign of life.
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=180)
CELERY_TASK_PUBLISH_RETRY = False
# A page does not wait for a broker that is down: what it would say is only a hint.
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "socket_connect_timeout": 2,
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = looks_of_beat(SCAN_SECONDS)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
