"""PostgreSQL and Redis behind a proxy that speaks HTTPS."""

from psdelivery.settings.base import *  # noqa: F403 (a settings module extends another)
from psdelivery.settings.base import CLOCK_OFFSET, DEMO, database_from_url, env
from psdelivery.settings.guards import refuse_clock_offset, refuse_demo

refuse_demo(DEMO)
refuse_clock_offset(CLOCK_OFFSET)

SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
DATABASES = {"default": database_from_url("DATABASE_URL")}

REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    }
}
CELERY_BROKER_URL = REDIS_URL

# A health check inside the network has no HTTPS to be sent to.
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
# Tries to log in are counted by the address that the outermost proxy saw.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
