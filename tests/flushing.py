"""Emptying the test database, history included.

Between tests with real transactions Django empties every table. PostgreSQL truncates,
which the history's triggers let pass; SQLite deletes, which they refuse. So here, and
nowhere else, they are taken away for the length of a flush.
"""

from django.db import connection

from psdelivery.history.triggers import SQLITE, SQLITE_DROP


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
