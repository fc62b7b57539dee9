import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180

pytestmark = pytest.mark.services


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.2)
    return False


def _answers(port, path="/healthz"):
    try:
        with urllib.request.urlopen(f"http://localhost:{port}{path}") as answer:
            return answer.status == 200
    except OSError:
        return False


def _processes(marker):
    """The processes that hold the marker in their environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if marker in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


@contextmanager
def _portal(folder, port, demo="1"):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    log = folder.with_suffix(".log")
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "psdelivery.run"],
            cwd=ROOT,
            env=kept
            | {
                "DEMO": demo,
                "PORT": str(port),
                "PSD_VAR_DIR": str(folder),
                "SCAN_SECONDS": "1",
            },
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            assert _wait_for(lambda: _answers(port) or process.poll() is not None)
            assert _answers(port), log.read_text()
            yield log
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


NEEDS_PROC = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="needs /proc"
)


@NEEDS_PROC
def test_the_portal_starts_on_nothing_and_ctrl_c_ends_all(tmp_path):
    folder, port = tmp_path / "var", _free_port()

    with _portal(folder, port, demo="0") as log:
        assert _wait_for(lambda: _answers(port, "/readyz"))
        assert _answers(port, "/accounts/login/")

    assert _wait_for(lambda: not _processes(f"PSD_VAR_DIR={folder}".encode()))
    assert "Traceback" not in log.read_text()


@pytest.mark.full
@NEEDS_PROC
def test_the_first_start_makes_demo_data_once(tmp_path):
    folder, port = tmp_path / "var", _free_port()

    with _portal(folder, port) as log:
        assert _wait_for(lambda: "Demo log-ins" in log.read_text())
        assert _wait_for(lambda: _answers(port, "/readyz"))

    began = (folder / "portal.sqlite3").stat().st_ino
    with _portal(folder, port) as log:
        assert "Making demo data" not in log.read_text()
    assert (folder / "portal.sqlite3").stat().st_ino == began
