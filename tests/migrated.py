"""The tests' database without its migrations, which would take six seconds a process.

Its tables are made from the models. `tests/services/test_migrated.py` compares them
with those of a portal that was migrated.
"""

from importlib import import_module

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

# What the models do not say: triggers, and constraints of one kind of database.
BY_HAND = (
    "psdelivery.history.migrations.0003_append_only",
    "psdelivery.history.migrations.0005_words_of_who_is_erased",
    "psdelivery.operations.migrations.0002_cache_table",
    "scheduling.migrations.0002_no_time_twice",
)


def make_what_models_do_not():
    """Bring a database made from the models to where the migrations lead."""
    with connection.schema_editor() as editor:
        for name in BY_HAND:
            for operation in import_module(name).Migration.operations:
                operation.code(apps, editor)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in MigrationLoader(connection).disk_migrations:
        recorder.record_applied(app, name)
