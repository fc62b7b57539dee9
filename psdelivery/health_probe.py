"""The health check of the web container: asks /healthz as an allowed host."""

import http.client
import os
import sys

PORT = 8000


def allowed_host(hosts: str) -> str:
    """Return a name that ALLOWED_HOSTS lets in, because others are refused."""
    first = hosts.split(",")[0].strip().lstrip(".")
    return "localhost" if first in {"", "*"} else first


def is_healthy(port: int, host: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    host = allowed_host(os.environ.get("ALLOWED_HOSTS", ""))
    sys.exit(0 if is_healthy(PORT, host) else 1)
