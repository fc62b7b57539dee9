"""A portal of its own for a test: real worker and beat, own database and broker.

    with Portal(tmp_path, EMAIL_URL=sink.url) as portal:
        portal.migrate()
        worker = portal.start_worker()
        portal.start_beat()
        wait_until(lambda: len(sink.received) == 2, seconds=20)

Frozen time does not cross processes: put the data near now, or shift the whole
portal with PSD_CLOCK_OFFSET_HOURS.
"""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from contextlib import closing, suppress
from pathlib import Path

import psycopg2

from psdelivery.probe import web_answers

ROOT = Path(__file__).resolve().parents[2]
EMBEDDED = "psdelivery.settings.embedded"
BIN = Path(sys.executable).parent
WORKER = (
    "-A psdelivery worker --queues mail,scan,jobs --without-gossip "
    "--without-mingle --without-heartbeat --loglevel info"
)
WEB = (
    "psdelivery.wsgi --worker-class gthread --workers 2 --threads 8 --no-control-socket"
)
BEAT = "-A psdelivery beat --loglevel info --pidfile="


class TooLateError(AssertionError):
    pass


def wait_until(question, *, seconds, every=0.05, about=None):
    """Ask until the answer is true and return it; `about()` tells what was amiss."""
    end = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > end:
            raise TooLateError(str(about() if about else "it never became true"))
        time.sleep(every)


class Process:
    """A command in a process group of its own, so that a kill takes it all."""

    def __init__(self, command, *, environment, log):
        self.log = log
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                command,
                env=environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def group(self):
        return self._popen.pid

    @property
    def is_running(self):
        return self._popen.poll() is None

    def kill(self):
        """SIGKILL for the whole group, as when the machine loses its power."""
        self._signal(signal.SIGKILL)
        self._popen.wait(10)

    def stop(self):
        """Ask it to end, as a deployment does; kill what does not."""
        self._signal(signal.SIGTERM)
        try:
            self._popen.wait(20)
        finally:
            self._signal(signal.SIGKILL)

    def _signal(self, number):
        with suppress(ProcessLookupError):
            os.killpg(self._popen.pid, number)


class Portal:
    """Folder, environment and processes of one portal; all end with the block.

    Without `database_url` it has an SQLite file, without `redis_url` the broker
    made of files. Other keywords become environment variables.
    """

    def __init__(
        self,
        folder,
        *,
        database_url="",
        redis_url="",
        settings=EMBEDDED,
        **environment,
    ):
        self.folder = Path(folder)
        self.database_url = database_url or f"sqlite:///{self.folder}/portal.sqlite3"
        kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG"}}
        self.environment = {
            **kept,
            "DJANGO_SETTINGS_MODULE": settings,
            "PSD_VAR_DIR": str(self.folder),
            "SECRET_KEY": "only-for-tests-" + "x" * 50,
            "DATABASE_URL": self.database_url,
            "ALLOWED_HOSTS": "localhost",
            "SCAN_SECONDS": "1",
            # The same checks at each of many starts would take half the test.
            "CELERY_SKIP_CHECKS": "true",
            **({"REDIS_URL": redis_url} if redis_url else {}),
            **{name: str(value) for name, value in environment.items()},
        }
        self._processes = []

    @property
    def takes_one_worker(self):
        """The broker made of files drops messages with more than one."""
        return "REDIS_URL" not in self.environment

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self._processes:
            process.kill()

    def run(self, *command):
        """Run a command to its end and return what it printed."""
        run = subprocess.run(
            command,
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, f"{run.stdout}\n{run.stderr}"
        return run.stdout

    def manage(self, *arguments):
        return self.run(sys.executable, "manage.py", *arguments)

    def migrate(self):
        self.manage("migrate", "--noinput", "--skip-checks", "--verbosity", "0")

    def python(self, code):
        """Run code inside the portal; `answer = …` comes back by way of JSON."""
        program = (
            "import django, json; django.setup(); answer = None\n"
            f"{code}\nprint('\\n' + json.dumps(answer, default=str))"
        )
        return json.loads(self.run(sys.executable, "-c", program).splitlines()[-1])

    def rows(self, sql):
        """Read the portal's database from outside."""
        if self.database_url.startswith("sqlite"):
            path = self.database_url.removeprefix("sqlite:///")
            connection = sqlite3.connect(path, timeout=20)
        else:
            connection = psycopg2.connect(self.database_url)
        with closing(connection):
            cursor = connection.cursor()
            cursor.execute(sql)
            return cursor.fetchall()

    def start_worker(self, *options):
        return self._start("worker", *WORKER.split(), *options)

    def start_beat(self):
        schedule = self.folder / f"beat-{uuid.uuid4().hex}"
        return self._start("beat", *BEAT.split(), "--schedule", str(schedule))

    def collect_static(self):
        """Make the files that pages name; once a folder is enough."""
        self.manage("collectstatic", "--noinput", "--skip-checks", "--verbosity", "0")

    def start_web(self):
        """Start gunicorn on a free port, `self.port`, and wait until it answers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        bind = f"127.0.0.1:{self.port}"
        web = self._start("web", *WEB.split(), "--bind", bind, program="gunicorn")
        wait_until(
            lambda: web_answers(self.port, "localhost"),
            seconds=30,
            about=lambda: self.log("web")[-3000:],
        )
        return web

    def log(self, name):
        """What the processes of that name wrote so far."""
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _start(self, name, *arguments, program="celery"):
        process = Process(
            [str(BIN / program), *arguments],
            environment=self.environment,
            log=self.folder / f"{name}.log",
        )
        self._processes.append(process)
        return process


class PostgresDatabase:
    """A database of its own on a running server; dropped with the block.

    A copy of the database named by `like`, which nobody may be connected to.
    """

    def __init__(self, server_url, like="template1"):
        self._like = like
        self._server, _, _ = server_url.rpartition("/")
        self.name = f"psd_{uuid.uuid4().hex[:12]}"
        self.url = f"{self._server}/{self.name}"

    def __enter__(self):
        self._execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{self._like}"')
        return self

    def __exit__(self, *_):
        self._execute(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def _execute(self, sql):
        with closing(psycopg2.connect(f"{self._server}/postgres")) as connection:
            connection.autocommit = True
            connection.cursor().execute(sql)
