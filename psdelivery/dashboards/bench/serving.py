"""The processes beside the bench: a portal that answers, and a mail server."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings

from psdelivery.dashboards.bench.databases import BenchError

HOST = "127.0.0.1"
# As docker-compose.yml starts it.
WORKERS = ("--workers", "2", "--threads", "8", "--worker-class", "gthread")
WAIT = 60.0


@contextmanager
def running(command: list[str], **options: Any) -> Iterator["subprocess.Popen[str]"]:
    """Run a command beside the bench and end it afterwards."""
    process = subprocess.Popen(command, text=True, cwd=settings.BASE_DIR, **options)  # noqa: S603 (our own modules)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def mail_server() -> Iterator[str]:
    """Run the mail server that takes everything; yields its EMAIL_URL."""
    command = [sys.executable, "-m", "psdelivery.dashboards.bench.smtp"]
    with running(command, stdout=subprocess.PIPE) as process:
        port = process.stdout.readline().strip() if process.stdout else ""
        yield f"smtp://{HOST}:{port}"


@contextmanager
def portal(environment: Mapping[str, str], folder: Path) -> Iterator[int]:
    """Run the portal under gunicorn on loopback; yields its port."""
    port = free_port()
    program = Path(sys.executable).with_name("gunicorn")
    command = [str(program), "psdelivery.wsgi", "--bind", f"{HOST}:{port}", *WORKERS]
    command += ["--log-level", "warning", "--no-control-socket"]
    with (
        (folder / "gunicorn.log").open("w") as log,
        running(command, env=dict(environment), stdout=log, stderr=log),
    ):
        wait_for(port)
        yield port


def free_port() -> int:
    """Return a port of loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Wait until the portal answers; raise BenchError where it does not."""
    end = monotonic() + WAIT
    while monotonic() < end:
        try:
            urlopen(f"http://{HOST}:{port}/healthz", timeout=5).close()  # noqa: S310
        except (URLError, OSError):
            sleep(0.2)
        else:
            return
    raise BenchError("The portal did not answer; see gunicorn.log in the folder.")


def click(port: int, users: list[Any], seconds: float) -> dict[str, Any]:
    """Let the users click; return what their process told."""
    plan = {"host": HOST, "port": port, "users": users, "seconds": seconds}
    return answer_of("psdelivery.dashboards.bench.clicks", plan)


def browse(port: int, path: str, cookie: str) -> dict[str, Any]:
    """Let somebody work at the board in a browser; return what that process told."""
    plan = {"url": f"http://{HOST}:{port}", "path": path, "cookie": cookie}
    return answer_of("psdelivery.dashboards.bench.browsing", plan)


def answer_of(module: str, plan: dict[str, Any]) -> dict[str, Any]:
    """Run a module of ours with a plan; return what it printed last."""
    ended = subprocess.run(  # noqa: S603 (our own module)
        [sys.executable, "-m", module],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        check=False,
    )
    if ended.returncode:
        raise BenchError(ended.stderr[-3000:])
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer
