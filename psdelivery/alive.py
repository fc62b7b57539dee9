"""Signs of life of worker and beat, for the health checks of their containers.

Each touches a file of its own machine; `python -m psdelivery.alive worker` says by
its exit code whether the sign is fresh. It loads no Django, so it costs little.
"""

import sys
import tempfile
import time
from pathlib import Path

from celery.signals import beat_init, before_task_publish, heartbeat_sent

# Beat publishes every 30 seconds and a worker beats every two.
FRESH_SECONDS = 90


def sign_of(role: str) -> Path:
    return Path(tempfile.gettempdir()) / f"psdelivery-{role}.alive"


def is_fresh(role: str) -> bool:
    """Tell whether the role gave a sign within the last 90 seconds."""
    try:
        return time.time() - sign_of(role).stat().st_mtime < FRESH_SECONDS
    except FileNotFoundError:
        return False


def worker_lives(**_: object) -> None:
    sign_of("worker").touch()


def beat_lives(**_: object) -> None:
    sign_of("beat").touch()


def _watch_beat(**_: object) -> None:
    # Every process may publish; only in this one it is beat's sign.
    beat_lives()
    before_task_publish.connect(beat_lives)


def watch() -> None:
    """Give the signs from the process that calls this."""
    heartbeat_sent.connect(worker_lives)
    beat_init.connect(_watch_beat)


if __name__ == "__main__":
    sys.exit(0 if is_fresh(sys.argv[1]) else 1)
