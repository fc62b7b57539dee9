"""The health checks of the containers: `python -I psdelivery/probe.py ROLE`.

Run as a script it loads neither Django nor Celery, so that checking every few
seconds costs nothing. Worker and beat give their sign of life by touching a file.
"""

import http.client
import os
import sys
import tempfile
import time
from pathlib import Path

WEB_PORT = 8000
# Beat publishes every 30 seconds and a worker beats every two.
FRESH_SECONDS = 90


def sign_of(role: str) -> Path:
    return Path(tempfile.gettempdir()) / f"psdelivery-{role}.alive"


def has_fresh_sign(role: str) -> bool:
    try:
        return time.time() - sign_of(role).stat().st_mtime < FRESH_SECONDS
    except FileNotFoundError:
        return False


def allowed_host(hosts: str) -> str:
    """Return a name that ALLOWED_HOSTS lets in, because others are refused."""
    first = hosts.split(",")[0].strip().lstrip(".")
    return "localhost" if first in {"", "*"} else first


def web_answers(port: int, host: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def is_healthy(role: str) -> bool:
    if role == "web":
        host = allowed_host(os.environ.get("ALLOWED_HOSTS", ""))
        return web_answers(WEB_PORT, host)
    return has_fresh_sign(role)


if __name__ == "__main__":
    sys.exit(0 if is_healthy(sys.argv[1]) else 1)
