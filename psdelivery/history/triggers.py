"""The database's own refusal to change or delete history.

Only the words of an event are replaced, while somebody is erased (`Erasing`).

`EventQuerySet` refuses first and in better words; the triggers hold where somebody
goes past it: a raw statement, a cascade, a database shell. A migration that builds
the table of events anew loses them on SQLite and has to call `create_triggers` again;
`tests/history/test_triggers.py` notices.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

# Of class 23, so that both databases answer with an integrity error. While somebody is
# erased all but the words of an event is compared.
POSTGRESQL_TRIGGER = """
    CREATE TRIGGER history_append_only BEFORE UPDATE OR DELETE ON history_event
    FOR EACH ROW EXECUTE FUNCTION history_refuse_change()
"""
POSTGRESQL = (
    """
    CREATE FUNCTION history_refuse_change() RETURNS trigger AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND EXISTS (SELECT 1 FROM history_erasing) AND
            ROW(NEW.id, NEW.at, NEW.actor_id, NEW.on_behalf_of_id, NEW.verb,
                NEW.engagement_id, NEW.subject_type_id, NEW.subject_id, NEW.is_money)
            IS NOT DISTINCT FROM
            ROW(OLD.id, OLD.at, OLD.actor_id, OLD.on_behalf_of_id, OLD.verb,
                OLD.engagement_id, OLD.subject_type_id, OLD.subject_id, OLD.is_money)
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'History cannot be changed or deleted.'
            USING ERRCODE = 'restrict_violation';
    END;
    $$ LANGUAGE plpgsql
    """,
    POSTGRESQL_TRIGGER,
)
POSTGRESQL_DROP = (
    "DROP TRIGGER IF EXISTS history_append_only ON history_event",
    "DROP FUNCTION IF EXISTS history_refuse_change()",
)
SQLITE_KEEPS = (
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
SQLITE = (
    """
    CREATE TRIGGER history_no_update BEFORE UPDATE ON history_event
    WHEN NOT EXISTS (SELECT 1 FROM history_erasing)
        OR NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at
        OR NEW.actor_id IS NOT OLD.actor_id
        OR NEW.on_behalf_of_id IS NOT OLD.on_behalf_of_id
        OR NEW.verb IS NOT OLD.verb
        OR NEW.engagement_id IS NOT OLD.engagement_id
        OR NEW.subject_type_id IS NOT OLD.subject_type_id
        OR NEW.subject_id IS NOT OLD.subject_id
        OR NEW.is_money IS NOT OLD.is_money
    BEGIN SELECT RAISE(ABORT, 'History cannot be changed or deleted.'); END
    """,
    *SQLITE_KEEPS,
)
SQLITE_DROP = (
    "DROP TRIGGER IF EXISTS history_no_update",
    "DROP TRIGGER IF EXISTS history_no_delete",
    "DROP TRIGGER IF EXISTS history_no_replace",
)

# As the first version had them, before anybody could be erased from words.
FIRST_POSTGRESQL = (
    """
    CREATE FUNCTION history_refuse_change() RETURNS trigger AS $$
    BEGIN
        RAISE EXCEPTION 'History cannot be changed or deleted.'
            USING ERRCODE = 'restrict_violation';
    END;
    $$ LANGUAGE plpgsql
    """,
    POSTGRESQL_TRIGGER,
)
FIRST_SQLITE = (
    """
    CREATE TRIGGER history_no_update BEFORE UPDATE ON history_event
    BEGIN SELECT RAISE(ABORT, 'History cannot be changed or deleted.'); END
    """,
    *SQLITE_KEEPS,
)


def create_triggers(connection: BaseDatabaseWrapper) -> None:
    """Make the database refuse UPDATE and DELETE on the table of events.

    But for the words of an event while somebody is erased (`Erasing`).
    """
    _run(connection, POSTGRESQL if connection.vendor == "postgresql" else SQLITE)


def create_first_triggers(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers of the first version, which knew no exception."""
    is_postgresql = connection.vendor == "postgresql"
    _run(connection, FIRST_POSTGRESQL if is_postgresql else FIRST_SQLITE)


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    """Take the refusal away: only to migrate backwards."""
    drop = POSTGRESQL_DROP if connection.vendor == "postgresql" else SQLITE_DROP
    _run(connection, drop)


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
