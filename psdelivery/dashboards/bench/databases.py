"""Databases of the bench's own: never the developer's."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT

NAME = "ps_delivery_bench"
# Tried in turn; BENCH_POSTGRES_URL names another server.
SERVERS = (
    "postgres://postgres@127.0.0.1:5432",
    "postgres://root@127.0.0.1:5432",
)
CODE = ("psdelivery", "engagements", "training")


class BenchError(RuntimeError):
    """A part of the bench did not end well; the message is what it printed."""


def surroundings(database: str, folder: Path, email_url: str = "") -> dict[str, str]:
    """Return the environment of a process of the bench, on that database."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "psdelivery.settings.embedded",
        "PSD_VAR_DIR": str(folder),
        "DATABASE_URL": database,
        "REDIS_URL": "filesystem://localhost",
        "EMAIL_URL": email_url,
        "DEMO": "0",
        "LOG_LEVEL": "ERROR",
    }


def run_inside(
    database: str, folder: Path, arguments: Sequence[str], *, email_url: str = ""
) -> Any:
    """Run a part of the bench on that database; return its figures."""
    module = "psdelivery.dashboards.bench.inside"
    command = [sys.executable, "-m", module, *arguments]
    ended = subprocess.run(  # noqa: S603 (our own module, our own arguments)
        command,
        env=surroundings(database, folder, email_url),
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise BenchError(ended.stderr[-3000:])
    return json.loads(ended.stdout.splitlines()[-1])


def kept_database(folder: Path, engagements: int, now: datetime) -> str:
    """Return the SQLite database of so many engagements, the same one all day.

    Another code, or another day, makes another one; those of before are removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    version = f"{now:%Y%m%d}-{code_version()}"
    for old in folder.glob("pages-*.sqlite3*"):
        if version not in old.name:
            old.unlink()
    return f"sqlite:///{folder / f'pages-{version}-{engagements}.sqlite3'}"


def code_version() -> str:
    """Return a short name of the code and the shipped data as they are now."""
    digest = hashlib.sha256()
    for place in CODE:
        files = [*Path(settings.BASE_DIR, place).rglob("*.py")]
        files += Path(settings.BASE_DIR, place).rglob("*.toml")
        for file in sorted(files):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def passing_sqlite(folder: Path) -> Iterator[str]:
    """Lend a SQLite database and remove it afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "scans.sqlite3"
    remove(path)
    try:
        yield f"sqlite:///{path}"
    finally:
        remove(path)


def remove(path: Path) -> None:
    """Remove a SQLite database with the files beside it."""
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()


def postgres_server() -> str:
    """Return the server on which the bench may make a database, "" for none."""
    given = os.environ.get("BENCH_POSTGRES_URL", "").rstrip("/")
    for server in [given] if given else SERVERS:
        try:
            psycopg2.connect(f"{server}/postgres", connect_timeout=2).close()
        except psycopg2.Error:
            continue
        return server
    return ""


@contextmanager
def passing_postgres(server: str) -> Iterator[str]:
    """Lend a PostgreSQL database and drop it afterwards."""
    tell(server, f"DROP DATABASE IF EXISTS {NAME}")
    tell(server, f"CREATE DATABASE {NAME}")
    try:
        yield f"{server}/{NAME}"
    finally:
        tell(server, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def tell(server: str, statement: str) -> None:
    """Send the server a statement outside of transactions."""
    connection = psycopg2.connect(f"{server}/postgres")
    try:
        connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()
