"""Several connections at once: who comes late is told, and every text is kept."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest
from django.db import connection, connections

from psdelivery.livetext.models import LiveSheet, LiveTextVersion
from psdelivery.livetext.services import save_text
from tests.factories.people import UserFactory
from tests.livetext.sheets import new_sheet, pen, row

pytestmark = pytest.mark.django_db(transaction=True)

CLERKS = 6


@pytest.fixture
def on_disk(tmp_path, monkeypatch):
    """Let other threads work on the data as it is now, each by its own connection.

    SQLite's database in memory knows no waiting for a lock, as a file does.
    """

    def move():
        if connection.vendor != "sqlite":
            return
        path = str(tmp_path / "shared.sqlite3")
        with closing(sqlite3.connect(path)) as file:
            connection.connection.backup(file)
        here = {**connections.settings["default"], "NAME": path}
        monkeypatch.setitem(connections.settings, "default", here)

    return move


def at_once(work, count=CLERKS):
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


def test_of_many_saves_of_one_field_one_is_taken_and_all_are_kept(on_disk):
    people = [UserFactory() for _ in range(CLERKS)]
    sheet = new_sheet()
    goals = row(sheet)
    on_disk()

    saved = at_once(
        lambda n: save_text(goals, f"Text {n}", 0, pen=pen(sheet, people[n]))
    )

    assert [one.is_conflict for one in saved].count(False) == 1
    texts = LiveTextVersion.objects.values_list("text", flat=True)
    assert elsewhere(lambda: set(texts)) == {f"Text {n}" for n in range(CLERKS)}
    assert elsewhere(lambda: row(sheet).version) == 1


def test_saves_of_two_fields_stay_in_the_order_of_the_sheet(on_disk):
    people = [UserFactory() for _ in range(CLERKS)]
    sheet = new_sheet()
    rows = [row(sheet, key) for key in ("goals", "scope")]
    on_disk()

    saved = at_once(
        lambda n: save_text(rows[n % 2], "Same", 0, pen=pen(sheet, people[n]))
    )

    assert not any(one.is_conflict for one in saved)
    changed = elsewhere(
        lambda: {row(sheet, key).changed_in for key in ("goals", "scope")}
    )
    assert changed == {1, 2}
    assert elsewhere(lambda: LiveSheet.objects.get(pk=sheet.pk).version) == 2
