"""Several connections at once, each in a thread of its own."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

from django.db import connection, connections


def move_to_disk(tmp_path, monkeypatch):
    """Let other threads work on the data as it is now, each by its own connection.

    SQLite's database in memory knows no waiting for a lock, as a file does.
    """
    if connection.vendor != "sqlite":
        return
    path = str(tmp_path / "shared.sqlite3")
    with closing(sqlite3.connect(path)) as file:
        connection.connection.backup(file)
    here = {**connections.settings["default"], "NAME": path}
    monkeypatch.setitem(connections.settings, "default", here)


def at_once(work, count):
    """Run `work` with each number in threads of their own, from one start."""
    start = Barrier(count)

    def run(number):
        try:
            start.wait(timeout=20)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def elsewhere(read):
    """What another connection reads."""
    return at_once(lambda _number: read(), count=1)[0]
