"""Start the whole portal on this machine: `make run`.

Brings the database and the static files up to date, makes demo data on the
first start, then runs web, worker and beat until Ctrl-C.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import django
from django.conf import settings
from django.core.management import call_command
from honcho.manager import Manager
from honcho.printer import Message, Printer

DEMO_ENGAGEMENTS = 40
WEB = (
    "{bin}/gunicorn psdelivery.wsgi --bind 127.0.0.1:{port} --worker-class gthread "
    "--workers 1 --threads 8 --graceful-timeout 3 --no-control-socket"
)
# One worker takes all queues, because the file broker allows one consumer only.
WORKER = (
    "{bin}/celery --quiet -A psdelivery worker --queues mail,scan,jobs "
    "--without-gossip --without-mingle --without-heartbeat --loglevel warning"
)
BEAT = "{bin}/celery --quiet -A psdelivery beat --loglevel warning --pidfile="
# In a container the portal may well be root; who is root there knows it.
QUIET = "ignore:You're running the worker with superuser privileges"


class BannerPrinter(Printer):  # type: ignore[misc]  # honcho has no types
    """Passes lines on, and says where to go once the web process answers."""

    def __init__(self, output: IO[str], banner: str) -> None:
        super().__init__(output)
        self.output: IO[str] = output
        self.banner = banner

    def write(self, message: Message) -> None:
        try:
            super().write(message)
            if self.banner and b"Booting worker" in _as_bytes(message.data):
                self.output.write(self.banner)
                self.output.flush()
                self.banner = ""
        except OSError:
            # Nobody reads any more (a closed terminal or pipe). Without this the
            # children would stay behind, because stopping them prints first.
            self.output = Path(os.devnull).open("w")  # noqa: SIM115 (stays open)


def _as_bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data


def _stop(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(1)


def _hold_lock() -> IO[str]:
    """Keep a second start on the same data out: the file broker allows one worker."""
    file = (settings.VAR_DIR / "run.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        _stop(f"The portal already runs on the data in {settings.VAR_DIR}.")
    return file


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            _stop(f"Port {port} is taken. Choose another one: make run PORT=8001")


def _once_per_content(stamp: Path, files: Iterable[Path], action: Any) -> None:
    """Run the action when files came, went or changed since it ran last."""
    digest = hashlib.sha256()
    for file in sorted(files):
        facts = file.stat()
        digest.update(f"{file} {facts.st_mtime_ns} {facts.st_size}\n".encode())
    if stamp.is_file() and stamp.read_text() == digest.hexdigest():
        return
    action()
    stamp.write_text(digest.hexdigest())


def _static_files() -> list[Path]:
    from django.contrib.staticfiles.finders import get_finders

    return [
        Path(storage.path(name))
        for finder in get_finders()
        for name, storage in finder.list(None)
    ]


def _shipped_data_files() -> list[Path]:
    from django.apps import apps

    folders = [Path(config.path) / "data" for config in apps.get_app_configs()]
    return [file for folder in folders for file in folder.glob("*.toml")]


def _prepare_data() -> None:
    from django.contrib.auth import get_user_model
    from django.db import transaction

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    _once_per_content(
        settings.VAR_DIR / "shipped-data.stamp",
        _shipped_data_files(),
        lambda: call_command("load_shipped_data"),
    )
    if settings.DEMO and not get_user_model().objects.exists():
        print("Making demo data (once)…", flush=True)  # noqa: T201 (a command)
        # All or nothing, so that Ctrl-C leaves no half portal behind.
        with transaction.atomic():
            call_command("seed_demo", engagements=DEMO_ENGAGEMENTS)


def _prepare_files() -> None:
    _once_per_content(
        settings.VAR_DIR / "static.stamp",
        _static_files(),
        lambda: call_command("collectstatic", interactive=False, verbosity=0),
    )
    # Waiting messages are only hints, and those of a killed worker stay for good.
    broker = getattr(settings, "BROKER_DIR", None)
    if broker:
        shutil.rmtree(broker, ignore_errors=True)
        (broker / "control").mkdir(parents=True)


def _banner(port: int) -> str:
    lines = ["", f"PS Delivery runs at http://localhost:{port}/   (Ctrl-C ends it)"]
    if settings.DEMO:
        lines += [
            "Demo log-ins: " + " ".join(settings.DEMO_LOGINS),
            f"Password of each: {settings.DEMO_PASSWORD}",
        ]
    if not settings.EMAIL_URL:
        lines.append("No EMAIL_URL is set: mails stay readable on the Outbox page.")
    return "\n".join([*lines, "", ""])


def _run_processes(port: int) -> int:
    manager = Manager(BannerPrinter(sys.stdout, _banner(port)))
    folder = Path(sys.executable).parent
    env = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": QUIET}
    for name, command in (("web", WEB), ("worker", WORKER), ("beat", BEAT)):
        line = "exec " + command.format(bin=folder, port=port)
        manager.add_process(name, line, env=env, cwd=str(settings.BASE_DIR))
    # A closed terminal ends the children too, as Ctrl-C does.
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    manager.loop()
    return 0 if manager.returncode in (130, 143) else int(manager.returncode or 0)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psdelivery.settings.embedded")
    port = int(os.environ.get("PORT", "8000"))
    os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
    django.setup()
    lock = _hold_lock()
    _refuse_taken_port(port)
    _prepare_data()
    _prepare_files()
    code = _run_processes(port)
    lock.close()
    return code


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(0)
