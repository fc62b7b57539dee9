from datetime import UTC, datetime

import pytest

from tests.services.sink import Sink


@pytest.fixture
def now():
    return datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def sink():
    with Sink() as running:
        yield running


@pytest.fixture
def smtp(settings, sink):
    """The portal sends its mail to the sink."""
    use_server(settings, sink.port)
    return sink


@pytest.fixture
def use_port(settings):
    return lambda port: use_server(settings, port)


def use_server(settings, port):
    settings.EMAIL_URL = f"smtp://127.0.0.1:{port}"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_TIMEOUT = 1
    settings.DEFAULT_FROM_EMAIL = "PS Delivery <portal@example.com>"
    settings.MAIL_DOMAIN = "mail.example.com"
