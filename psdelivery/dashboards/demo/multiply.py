"""A very large portal: the demo data once more inside PostgreSQL, several times.

Copying rows through Python takes a quarter of an hour for 10,000 engagements; here the
database repeats what it has, with every key moved on by the same distance. People and
customers are repeated too, so that lists and queues grow as in a large company.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from psdelivery.dashboards.demo.indexes import indexes_laid_aside
from psdelivery.documents.models import Document
from psdelivery.history.models import Event
from psdelivery.livetext.models import LiveSheet
from psdelivery.outbox.models import MailTemplate
from psdelivery.people.models import Customer, Practice, User
from psdelivery.playbooks.models import Checklist, Playbook
from scheduling.models import HostAccount, OccupiedTime, Partner
from training.models import Course

Model = type[models.Model]
# These are repeated, with all that points to them. Practices too: one for each
# seventy people, as in a small portal.
ROOTS: frozenset[Model] = frozenset(
    {Practice, User, Customer, LiveSheet, HostAccount, Partner}
)
# These may name people; the catalogue, the mails and the process are there once.
SHARED: frozenset[Model] = frozenset({Course, MailTemplate, Playbook})
# What tells unique words of a copy apart is not longer.
TURN_LENGTH = 8
# Further than any key of the told part.
DISTANCE = 100_000_000
# A key that stands in a text, where it is a number.
NUMBER_IN_TEXT = (
    "CASE WHEN {column} ~ '^[0-9]+$'"
    " THEN ({column}::bigint + {shift})::text ELSE {column} END"
)
# The same for the first number of an address.
NUMBER_IN_ADDRESS = (
    "regexp_replace({column}, '[0-9]+', coalesce("
    "((regexp_match({column}, '[0-9]+'))[1]::bigint + {shift})::text, ''))"
)
# Columns that tell records apart, or name them in a text.
WRITTEN: dict[tuple[Model, str], str] = {
    (User, "username"): "{column} || '-{turn}'",
    (User, "email"): "'{turn}-' || {column}",
    (Practice, "name"): "{column} || ', group {turn}'",
    (Customer, "name"): "{column} || ', group {turn}'",
    (Document, "series"): "md5({column}::text || '-{turn}')::uuid",
    (HostAccount, "name"): "{column} || ', group {turn}'",
    (OccupiedTime, "source_id"): NUMBER_IN_TEXT,
    (Event, "subject_id"): NUMBER_IN_TEXT,
    (OccupiedTime, "url"): NUMBER_IN_ADDRESS,
    (Checklist, "subject_url"): NUMBER_IN_ADDRESS,
}


def multiply(times: int) -> None:
    """Let everything be there so many times; only on PostgreSQL.

    All or nothing. That the copies point to one another follows from the distance, so
    the database need not look up every key again.
    """
    remember_told()
    tables = [model._meta.db_table for model in repeated()]
    with transaction.atomic(), indexes_laid_aside(tables):
        repeat(times)
    with connection.cursor() as cursor:
        resets = connection.ops.sequence_reset_sql(no_style(), list(repeated()))
        for statement in resets:
            cursor.execute(statement)


def repeat(times: int) -> None:
    """Write the copies, one turn after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for turn in range(1, times):
            for model in repeated():
                cursor.execute(repeating(model, turn))


@cache
def repeated() -> tuple[Model, ...]:
    """Return the tables that are repeated: the roots and what points to one of them."""
    everything = apps.get_models(include_auto_created=True)
    found: set[Model] = set(ROOTS)
    while more := {
        model
        for model in everything
        if model not in found | SHARED and points_to(model) & found
    }:
        found |= more
    return tuple(model for model in everything if model in found)


def points_to(model: Model) -> set[Model]:
    """Return the tables that a table has keys of."""
    return {
        fact.related_model
        for fact in model._meta.concrete_fields
        if fact.is_relation and fact.related_model is not None
    }


def repeating(model: Model, turn: int) -> str:
    """Return the statement that repeats the first rows of a table at a distance."""
    table = quoted(model._meta.db_table)
    columns = list(columns_of(model))
    names = ", ".join(quoted(fact.column) for fact in columns)
    values = ", ".join(value_of(model, fact, turn) for fact in columns)
    told = is_told(model)
    # Only names of our own columns and numbers are put into the statement.
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE {told}"  # noqa: S608


def columns_of(model: Model) -> Iterable[Any]:
    """Return the columns that are stored; the database makes the others itself."""
    return [fact for fact in model._meta.concrete_fields if not fact.generated]


def remember_told() -> None:
    """Keep the keys of rows whose key is no number, until the connection ends."""
    with connection.cursor() as cursor:
        for model in repeated():
            if not has_number(model):
                table, key = model._meta.db_table, quoted(str(model._meta.pk.column))
                # Only names of our own tables are put into the statement.
                kept = f"SELECT {key} FROM {quoted(table)}"  # noqa: S608
                cursor.execute(f"CREATE TEMP TABLE {quoted(f'told_{table}')} AS {kept}")


def has_number(model: Model) -> bool:
    """Tell whether the key of a table is a number, not a random one."""
    return not isinstance(key_of(model), models.UUIDField)


def key_of(model: Model) -> Any:
    """Return the field that counts the rows, behind a key that is another's."""
    key: Any = model._meta.pk
    return key_of(key.related_model) if key.is_relation else key


def is_told(model: Model) -> str:
    """Return the condition for the rows that are no copies."""
    key = quoted(str(model._meta.pk.column))
    if has_number(model):
        return f"{key} < {DISTANCE}"
    told = quoted(f"told_{model._meta.db_table}")
    return f"{key} IN (SELECT {key} FROM {told})"  # noqa: S608 (names of our own)


def value_of(model: Model, fact: Any, turn: int) -> str:
    """Return what stands in a column of the copy, as SQL."""
    column, shift = quoted(fact.column), turn * DISTANCE
    if written := WRITTEN.get((model, fact.name)):
        return written.format(column=column, turn=turn, shift=shift)
    if fact.unique and isinstance(fact, models.CharField):
        room = (fact.max_length or 0) - TURN_LENGTH
        return f"left({column}, {room}) || ' ×{turn}'"
    target = fact.related_model if fact.is_relation else model
    if fact.is_relation and fact.unique and target not in repeated():
        # Its one owner is the first record.
        return "NULL"
    if not (fact.primary_key or fact.is_relation) or target not in repeated():
        return column
    if not has_number(target):
        return f"md5({column}::text || '-{turn}')::uuid"
    return f"{column} + {shift}"


def quoted(name: str) -> str:
    """Return a name fit for a statement."""
    return connection.ops.quote_name(name)
