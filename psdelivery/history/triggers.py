"""The database's own refusal to change or delete history.

`EventQuerySet` refuses first and in better words; the triggers hold where somebody
goes past it: a raw statement, a cascade, a database shell. A migration that builds
the table of events anew loses them on SQLite and has to call `create_triggers` again;
`tests/history/test_triggers.py` notices.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

# Of class 23, so that both databases answer with an integrity error.
POSTGRESQL = (
    """
    CREATE FUNCTION history_refuse_change() RETURNS trigger AS $$
    BEGIN
        RAISE EXCEPTION 'History cannot be changed or deleted.'
            USING ERRCODE = 'restrict_violation';
    END;
    $$ LANGUAGE plpgsql
    """,
    """
    CREATE TRIGGER history_append_only BEFORE UPDATE OR DELETE ON history_event
    FOR EACH ROW EXECUTE FUNCTION history_refuse_change()
    """,
)
POSTGRESQL_DROP = (
    "DROP TRIGGER IF EXISTS history_append_only ON history_event",
    "DROP FUNCTION IF EXISTS history_refuse_change()",
)
SQLITE = (
    """
    CREATE TRIGGER history_no_update BEFORE UPDATE ON history_event
    BEGIN SELECT RAISE(ABORT, 'History cannot be changed or deleted.'); END
    """,
    """
    CREATE TRIGGER history_no_delete BEFORE DELETE ON history_event
    BEGIN SELECT RAISE(ABORT, 'History cannot be changed or deleted.'); END
    """,
    # INSERT OR REPLACE deletes the old row without asking the trigger above.
    """
    CREATE TRIGGER history_no_replace BEFORE INSERT ON history_event
    WHEN EXISTS (SELECT 1 FROM history_event WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'History cannot be changed or deleted.'); END
    """,
)
SQLITE_DROP = (
    "DROP TRIGGER IF EXISTS history_no_update",
    "DROP TRIGGER IF EXISTS history_no_delete",
    "DROP TRIGGER IF EXISTS history_no_replace",
)


def create_triggers(connection: BaseDatabaseWrapper) -> None:
    """Make the database refuse UPDATE and DELETE on the table of events."""
    _run(connection, POSTGRESQL if connection.vendor == "postgresql" else SQLITE)


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    """Take the refusal away: only to migrate backwards."""
    drop = POSTGRESQL_DROP if connection.vendor == "postgresql" else SQLITE_DROP
    _run(connection, drop)


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
