"""The tables of a portal: which migrations made them, wiped, and made again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.apps import apps as current_apps
from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

Node = tuple[str, str]

# Whoever was logged in logs in again: a stolen backup opens no session.
LEFT_OUT = frozenset({"sessions.session"})
TRIGGER_FUNCTIONS = """
    SELECT p.oid::regprocedure FROM pg_proc p
    LEFT JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e'
    WHERE p.pronamespace = current_schema()::regnamespace
    AND p.prorettype = 'trigger'::regtype AND d.objid IS NULL
"""


def applied_migrations() -> list[Node]:
    """Return the migrations that made the tables as they are, in a fixed order."""
    return sorted(MigrationLoader(connection).applied_migrations)


def unknown_migrations(nodes: Iterable[Node]) -> list[Node]:
    """Return the migrations that this version of the portal does not have."""
    known = set(MigrationLoader(connection).disk_migrations or {})
    return [node for node in nodes if node not in known]


def waiting_migrations() -> list[Node]:
    """Return the migrations that were not carried out here yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [(migration.app_label, migration.name) for migration, _ in plan]


def saved_models(apps: Apps = current_apps) -> list[type[Model]]:
    """Return the models whose rows are kept, join tables included, by name."""
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.label_lower not in LEFT_OUT
    ]
    return sorted(models, key=lambda model: model._meta.label_lower)


@contextmanager
def snapshot() -> Iterator[None]:
    """Read all tables as they are at one moment, without holding up a writer."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with _reading_only_sqlite():
            yield
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


@contextmanager
def _reading_only_sqlite() -> Iterator[None]:
    # `atomic` would take the write lock: transactions are IMMEDIATE here.
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def build(nodes: Iterable[Node]) -> Apps:
    """Make the tables by exactly these migrations; return the models as of then."""
    executor = MigrationExecutor(connection)
    targets = _last_ones(executor.loader, set(nodes))
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


def _last_ones(loader: MigrationLoader, nodes: set[Node]) -> list[Node]:
    # One that is followed by another of its app would be taken as a way back.
    return [
        node
        for node in sorted(nodes)
        if not any(
            child.key[0] == node[0] and child.key in nodes
            for child in loader.graph.node_map[node].children
        )
    ]


def wipe() -> None:
    """Drop every table that a migration made, with all that stands in it."""
    tables = _own_tables()
    if connection.vendor == "sqlite":
        _drop_on_sqlite(tables)
    else:
        _drop_on_postgresql(tables)


def _own_tables() -> list[str]:
    loader = MigrationLoader(connection)
    nodes = [node for node in loader.applied_migrations if node in loader.graph.nodes]
    known = [*_tables(loader.project_state(nodes).apps), *_tables(current_apps)]
    known.append(MigrationRecorder.Migration._meta.db_table)
    existing = set(connection.introspection.table_names())
    return [name for name in dict.fromkeys(known) if name in existing]


def _tables(apps: Apps) -> list[str]:
    models = apps.get_models(include_auto_created=True)
    return [model._meta.db_table for model in models]


def _drop_on_sqlite(tables: Iterable[str]) -> None:
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)}")


def _drop_on_postgresql(tables: Iterable[str]) -> None:
    names = ", ".join(map(connection.ops.quote_name, tables))
    with transaction.atomic(), connection.cursor() as cursor:
        if names:
            cursor.execute(f"DROP TABLE {names} CASCADE")
        cursor.execute(TRIGGER_FUNCTIONS)
        for (function,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {function}")


def empty_tables(models: Iterable[type[Model]]) -> None:
    """Delete the rows that migrations wrote, before those of a backup come."""
    with connection.cursor() as cursor:
        for model in models:
            if model._base_manager.exists():
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 (our own name)


def go_on_counting(models: Iterable[type[Model]]) -> None:
    """Let new rows get the numbers after those that were written with theirs."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)


def others_connected() -> int:
    """Return how many other connections the database has; 0 where nobody can tell."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = current_database() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])
