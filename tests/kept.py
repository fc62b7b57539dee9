"""What takes seconds to make is made once a run; further tests get a copy of it all."""

import sqlite3
from contextlib import contextmanager
from copy import deepcopy

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction


def is_in_memory():
    return connection.vendor == "sqlite" and connection.is_in_memory_db()


class Kept:
    """Records and the database around them, as they were when they had been made."""

    def __init__(self, make):
        self._make = make
        self._made = None
        self._database = None

    def again(self):
        """Put all that is in the database in place of what is there; not in an atomic.

        Where a database cannot be copied in no time, everything is made anew.
        """
        if not is_in_memory():
            return self._make()
        if self._made is None:
            self._made, self._database = self._make(), copied()
        put_back(self._database)
        return deepcopy(self._made)

    @contextmanager
    def for_a_while(self):
        """Have it for some tests, and then the database as it was before."""
        if not is_in_memory():
            with transaction.atomic():
                yield self._make()
                transaction.set_rollback(True)
            return
        before = copied()
        yield self.again()
        put_back(before)


def copied():
    database = sqlite3.connect(":memory:")
    connection.ensure_connection()
    connection.connection.backup(database)
    return database


def put_back(database):
    database.backup(connection.connection)
    # The types of content have the numbers of that database.
    ContentType.objects.clear_cache()
