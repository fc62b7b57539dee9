"""Which statements each test sends, and the fewest tests that send them all.

What differs between the two databases is what they make of a statement, not what the
portal does with the answer. So the quick tier repeats on PostgreSQL one test for each
statement that was sent to SQLite, whatever place it belongs to.
"""

import heapq
import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

import pytest
from django.db.backends.signals import connection_created

# A test costs this many statements before it sends the first.
START = 20
MANY = re.compile(r"\(%s(?:, %s)*\)")
CASES = re.compile(r"(?:WHEN .*? THEN \S+ )+")
# Which columns are read says little; where from and by what does.
COLUMNS = re.compile(r'(?:"\w+"\."\w+"(?: AS "\w+")?, )+')
NUMBERS = re.compile(r"\b\d+\b|\"s\d+_x\d+\"")


def shape_of(sql):
    """A statement without length, columns and numbers, as all workers number it."""
    if sql.startswith("INSERT"):
        sql = sql.partition(" VALUES ")[0]
    for pattern in (MANY, CASES, COLUMNS, NUMBERS):
        sql = pattern.sub("", sql)
    return crc32(sql.encode())


LOCKS = (
    "has_select_for_update",
    "has_select_for_update_nowait",
    "has_select_for_update_of",
    "has_select_for_update_skip_locked",
    "has_select_for_no_key_update",
)


def tell_locks(connection):
    """Let statements on SQLite say what they would lock, in words that it skips.

    So a lock outside of a transaction is refused there too. Told to the kind of
    connection: the event loop of the browser tests lets Django open another one, that
    all tests after them use, and so does each thread.
    """
    if connection.vendor != "sqlite":
        return
    for name in LOCKS:
        setattr(type(connection.features), name, True)
    type(connection.ops).for_update_sql = lambda self, **how: "/* FOR UPDATE */"


def name_of(item):
    """The id of a test as everywhere: xdist adds the group in its workers."""
    group = item.get_closest_marker("xdist_group")
    return item.nodeid.removesuffix(f"@{group.args[0]}") if group else item.nodeid


class Recorder:
    """Plugin of a worker: notes what its tests send, in a file of the folder."""

    # What they send comes from other processes, or says nothing about the database.
    LEFT_OUT = frozenset({"browser", "services", "unit"})

    def __init__(self, folder):
        self._folder = Path(folder)
        self._shapes = {}
        self._sent = {}
        self._test = None
        # A process has more than one connection, see `tell_locks`.
        connection_created.connect(self._listen)

    def _listen(self, connection, **_signal):
        if self._note not in connection.execute_wrappers:
            connection.execute_wrappers.insert(0, self._note)

    def _note(self, execute, sql, params, many, context):
        if self._test is not None:
            if sql not in self._shapes:
                self._shapes[sql] = shape_of(sql)
            self._test.shapes.add(self._shapes[sql])
            self._test.length += 1
        return execute(sql, params, many, context)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        if not any(map(item.get_closest_marker, self.LEFT_OUT)):
            self._test = self._sent[name_of(item)] = Sent()
        try:
            return (yield)
        finally:
            self._test = None

    def pytest_runtest_logreport(self, report):
        if self._test is not None and report.skipped:
            self._test.is_skipped = True

    def pytest_sessionfinish(self):
        told = {name: test.told for name, test in self._sent.items()}
        self._folder.joinpath(f"{os.getpid()}.json").write_text(json.dumps(told))


@dataclass
class Sent:
    """What a test sent: how many statements, and their shapes."""

    shapes: set[int] = field(default_factory=set)
    length: int = 0
    is_skipped: bool = False

    @property
    def told(self):
        return [sorted(self.shapes), self.length, self.is_skipped]

    def worth(self, missing):
        return len(self.shapes & missing) / (START + self.length)


def sent_by_tests(folder):
    """What all workers noted, by test."""
    told = [json.loads(path.read_text()) for path in Path(folder).glob("*.json")]
    return {
        name: Sent(set(shapes), length, is_skipped)
        for one in told
        for name, (shapes, length, is_skipped) in one.items()
    }


def fewest(sent):
    """Choose tests that together send everything, the most for its length first.

    What was skipped may be meant for the other database, so it is chosen too.
    """
    chosen = [name for name, test in sent.items() if test.is_skipped]
    missing = set().union(*(test.shapes for test in sent.values()))
    waiting = [(-test.worth(missing), name) for name, test in sent.items()]
    heapq.heapify(waiting)
    while missing:
        _before, name = heapq.heappop(waiting)
        worth = sent[name].worth(missing)
        if waiting and worth < -waiting[0][0]:
            # It has become worth less since; another one may be worth more.
            heapq.heappush(waiting, (-worth, name))
            continue
        chosen.append(name)
        missing -= sent[name].shapes
    return chosen
