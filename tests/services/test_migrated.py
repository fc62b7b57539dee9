"""The migrations make the database that the other tests make from the models."""

import re

import pytest
from django.db import connection

from tests import machine

pytestmark = [pytest.mark.services, pytest.mark.django_db]

ON_SQLITE = ["SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"]
OURS = "connamespace = 'public'::regnamespace"
ON_POSTGRES = [
    """
    SELECT table_name, column_name, data_type, character_maximum_length,
           numeric_precision, numeric_scale, is_nullable, column_default, is_identity
    FROM information_schema.columns WHERE table_schema = 'public'
    """,
    f"""
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE {OURS}
    """,
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
]
STATEMENTS = ON_POSTGRES if machine.is_on_postgres() else ON_SQLITE
# The embedded portal keeps its cache in a table; in tests it is in memory. Django's own
# tables of links number their rows otherwise where a migration made them.
OTHERS = re.compile("portal_cache|auth_group_permissions")


def parts(row):
    """A row of the answer, a table of SQLite as its parts: their order says nothing."""
    *names, sql = row
    if names[:1] != ["table"]:
        return row
    inside = sql.partition("(")[2].rpartition(")")[0]
    return *names, *sorted(re.split(r",\s*(?![^(]*\))", inside))


def found(rows):
    return {parts(row) for statement in STATEMENTS for row in rows(statement)}


def rows_of_the_tests(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def test_the_migrations_make_what_the_models_say(make_portal):
    with make_portal() as portal:
        migrated, made = found(portal.rows), found(rows_of_the_tests)

    different = [row for row in migrated ^ made if not OTHERS.search(str(row))]
    assert len(migrated) > 100
    # What a migration makes by hand is named in `tests/migrated.py`.
    assert sorted(map(str, different)) == []
