import http.server
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from psdelivery import probe
from psdelivery.celery import beat_lives, worker_lives

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.unit


@pytest.fixture
def signs(tmp_path, monkeypatch):
    monkeypatch.setattr(probe.tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("role", "live"), [("worker", worker_lives), ("beat", beat_lives)]
)
def test_a_role_is_healthy_only_while_its_sign_is_fresh(role, live, signs):
    assert not probe.is_healthy(role)

    live()
    assert probe.is_healthy(role)

    old = probe.sign_of(role).stat().st_mtime - probe.FRESH_SECONDS - 1
    os.utime(probe.sign_of(role), (old, old))
    assert not probe.is_healthy(role)


@pytest.mark.parametrize(
    ("hosts", "host"),
    [
        ("", "localhost"),
        ("*", "localhost"),
        ("a.example.com,b.example.com", "a.example.com"),
        (".example.com", "example.com"),
    ],
)
def test_the_web_process_is_asked_by_a_name_that_it_answers_to(hosts, host):
    assert probe.allowed_host(hosts) == host


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (400, False)])
def test_the_web_process_is_healthy_when_it_says_ok(status, healthy):
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.handle_request, daemon=True).start()

    assert probe.web_answers(server.server_port, "localhost") is healthy
    server.server_close()
    assert not probe.web_answers(server.server_port, "localhost")


def test_as_a_script_it_needs_no_package():
    script = [sys.executable, "-I", "-S", "psdelivery/probe.py", "nobody"]

    run = subprocess.run(script, cwd=ROOT, capture_output=True, text=True)

    assert (run.returncode, run.stderr) == (1, "")
