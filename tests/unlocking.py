"""The tests' own way past the lock on the history; the portal has none.

Between tests with real transactions Django empties every table. PostgreSQL truncates,
which the history's triggers let pass; SQLite deletes, which they refuse. So they are
taken away for the length of a flush.
"""

from contextlib import contextmanager

from django.db import connection

from psdelivery.history.triggers import (
    SQLITE,
    SQLITE_DROP,
    create_triggers,
    drop_triggers,
)


def let_flush_empty_the_history():
    """Build the triggers anew in the transaction that empties the tables."""
    if connection.vendor != "sqlite":
        return
    operations = type(connection.ops)
    plain_flush = operations.sql_flush

    def sql_flush(self, style, tables, **options):
        statements = plain_flush(self, style, tables, **options)
        return [*SQLITE_DROP, *statements, *SQLITE] if statements else []

    operations.sql_flush = sql_flush


@contextmanager
def unlocked_history():
    """Let a test write nonsense into events that are there already."""
    # PostgreSQL touches no trigger while a check of a key is still to come.
    connection.check_constraints()
    drop_triggers(connection)
    yield
    connection.check_constraints()
    create_triggers(connection)
