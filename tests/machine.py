"""What this machine offers to the tests: databases, broker, browser."""

import os
import shutil
import socket
import sqlite3
import subprocess
from functools import cache

import psycopg2
import redis

POSTGRES_USERS = ("postgres", "root")
POSTGRES_NAME = "psdelivery"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _answers(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@cache
def postgres_url():
    """The address of a PostgreSQL where the tests may create databases, or ""."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given.startswith("postgres"):
        return given
    if not _answers(5432):
        return ""
    for user in POSTGRES_USERS:
        server = f"postgres://{user}@127.0.0.1:5432"
        try:
            psycopg2.connect(f"{server}/postgres", connect_timeout=3).close()
        except psycopg2.Error:
            continue
        return f"{server}/{POSTGRES_NAME}"
    return ""


@cache
def postgres_version():
    """For example 15.4; "" when none is reachable."""
    if not postgres_url():
        return ""
    server, _, _ = postgres_url().rpartition("/")
    connection = psycopg2.connect(f"{server}/postgres", connect_timeout=3)
    version = connection.info.server_version
    connection.close()
    return f"{version // 10000}.{version % 10000}"


@cache
def redis_url():
    """The address of a Redis whose last database the tests may empty, or ""."""
    url = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
    try:
        redis.Redis.from_url(url, socket_connect_timeout=1).ping()
    except redis.RedisError:
        return ""
    return url


@cache
def redis_version():
    if not redis_url():
        return ""
    return redis.Redis.from_url(redis_url()).info("server")["redis_version"]


@cache
def chromium_path():
    return next(filter(None, map(shutil.which, BROWSERS)), "")


@cache
def chromium_version():
    if not chromium_path():
        return ""
    run = subprocess.run(
        [chromium_path(), "--version"], capture_output=True, text=True, check=False
    )
    return next((word for word in run.stdout.split() if word[:1].isdigit()), "?")


def is_on_postgres():
    return os.environ.get("TEST_DATABASE_URL", "").startswith("postgres")


def database():
    """The database of this process's tests, in words."""
    if is_on_postgres():
        return f"PostgreSQL {postgres_version()}"
    return f"SQLite {sqlite3.sqlite_version}"


def ran_on():
    """What the tests had at hand, an earlier pass of the same run included."""
    earlier = os.environ.get("TESTS_RAN_BEFORE_ON", "")
    found = {"Redis": redis_version(), "Chromium": chromium_version()}
    others = [f"{name} {version}" for name, version in found.items() if version]
    return [*filter(None, [earlier]), database(), *others]


def not_reachable():
    found = {
        "PostgreSQL": postgres_url(),
        "Redis": redis_url(),
        "Chromium": chromium_path(),
    }
    return [
        f"{name}: not reachable, skipped" for name, there in found.items() if not there
    ]
