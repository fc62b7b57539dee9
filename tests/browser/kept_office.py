"""The office is opened once a run; each further test gets it as it was then."""

import sqlite3
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from psdelivery import clock
from tests.browser.office import NOW, Office, open_office


@dataclass
class Kept:
    """The office, its whole database, and what time it was when it stood there."""

    office: Office
    database: sqlite3.Connection
    at: datetime

    def give_back(self) -> None:
        self.database.backup(connection.connection)
        # The types of the content have the numbers of that database.
        ContentType.objects.clear_cache()


_kept: list[Kept] = []


def kept_office(clock_at) -> Office:
    """Open the office, and set the clock to that moment."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        clock_at(NOW)
        return open_office()
    if not _kept:
        clock_at(NOW)
        _kept.append(keep(open_office()))
    kept = _kept[0]
    kept.give_back()
    clock_at(kept.at)
    return deepcopy(kept.office)


def keep(office: Office) -> Kept:
    database = sqlite3.connect(":memory:")
    connection.connection.backup(database)
    return Kept(office, database, clock.now())
