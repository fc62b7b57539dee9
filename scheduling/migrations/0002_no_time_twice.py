"""What only PostgreSQL can hold: nobody, and no account, is taken twice (R-22).

Ranges of one number stand in for equality, so that no extension is needed. Deferred,
because the sessions of a class move one after the other.
"""

from django.db import migrations

ADD = """
ALTER TABLE scheduling_occupiedtime ADD CONSTRAINT occupied_{column}_not_twice
EXCLUDE USING gist (
    int8range({column}_id, {column}_id, '[]') WITH &&,
    tstzrange(blocked_from, blocked_to) WITH &&
) WHERE ({column}_id IS NOT NULL) DEFERRABLE INITIALLY DEFERRED
"""
DROP = "ALTER TABLE scheduling_occupiedtime DROP CONSTRAINT occupied_{column}_not_twice"


def on_both(schema_editor, statement):
    if schema_editor.connection.vendor == "postgresql":
        for column in ("person", "host"):
            schema_editor.execute(statement.format(column=column))


def add(apps, schema_editor):
    on_both(schema_editor, ADD)


def drop(apps, schema_editor):
    on_both(schema_editor, DROP)


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0001_initial")]

    operations = [migrations.RunPython(add, drop)]
