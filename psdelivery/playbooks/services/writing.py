"""Write many rows, each with values of its own, in one statement.

Django's bulk_update spells out one CASE a field with a branch a row: the time grows
with the square of the rows, and SQLite gets no more than 124 rows a statement.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, JSONField, Model

# The rows come in as one parameter, so their number is not limited.
STATEMENTS = {
    "postgresql": (
        "UPDATE {table} SET {assignments}"
        " FROM json_to_recordset(%s) AS given({columns})"
        " WHERE {table}.{key} = given.{key}"
    ),
    "sqlite": (
        "UPDATE {table} SET {assignments}"
        " FROM (SELECT {columns} FROM json_each(%s)) AS given"
        " WHERE {table}.{key} = given.{key}"
    ),
}


def write_fields(rows: Sequence[Model], names: Collection[str]) -> None:
    """Save these fields of all rows of one model; nothing where there is no row."""
    if not rows:
        return
    meta = type(rows[0])._meta
    key = next(field for field in meta.concrete_fields if field.primary_key)
    written = [field for field in meta.concrete_fields if field.name in names]
    statement = STATEMENTS[connection.vendor].format(
        table=connection.ops.quote_name(meta.db_table),
        key=quoted(key),
        columns=", ".join(column_of(field) for field in [key, *written]),
        assignments=", ".join(
            f"{quoted(field)} = given.{quoted(field)}" for field in written
        ),
    )
    values = [
        {field.column: stored_value(row, field) for field in [key, *written]}
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(values, default=str)])


def column_of(field: Field[Any, Any]) -> str:
    """Return the column as the statement reads it out of the parameter."""
    if connection.vendor == "sqlite":
        return f"json_extract(value, '$.{field.column}') AS {quoted(field)}"
    return f"{quoted(field)} {field.rel_db_type(connection)}"


def quoted(field: Field[Any, Any]) -> str:
    """Return the name of the field's column, fit for a statement."""
    return connection.ops.quote_name(str(field.column))


def stored_value(row: Model, field: Field[Any, Any]) -> object:
    """Return what the database keeps of the field."""
    value: object = field.get_db_prep_save(getattr(row, field.attname), connection)
    return value


INSERTS = {
    "postgresql": (
        "INSERT INTO {table} ({names}) SELECT {names}"
        " FROM json_to_recordset(%s) AS given({columns}) RETURNING {key}, {told}"
    ),
    "sqlite": (
        "INSERT INTO {table} ({names}) SELECT {columns}"
        " FROM json_each(%s) RETURNING {key}, {told}"
    ),
}


def insert_rows(rows: Sequence[Model], told_by: Sequence[str]) -> None:
    """Save new rows of one model in one statement, and put their keys on them.

    `told_by` names columns that together tell the rows apart: databases promise no
    order in which they hand back the keys.
    """
    if not rows:
        return
    meta = type(rows[0])._meta
    key = next(field for field in meta.concrete_fields if field.primary_key)
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    telling = [field for field in fields if field.attname in told_by]
    statement = INSERTS[connection.vendor].format(
        table=connection.ops.quote_name(meta.db_table),
        key=quoted(key),
        names=", ".join(quoted(field) for field in fields),
        columns=", ".join(column_of(field) for field in fields),
        told=", ".join(quoted(field) for field in telling),
    )
    values = [
        {field.column: value_in_json(row, field) for field in fields} for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(values, default=str)])
        found = {tuple(told): pk for pk, *told in cursor.fetchall()}
    for row in rows:
        row.pk = found[tuple(getattr(row, field.attname) for field in telling)]
        row._state.adding = False


def value_in_json(row: Model, field: Field[Any, Any]) -> object:
    """Return what goes into the parameter; JSON stays what it is."""
    if isinstance(field, JSONField):
        return getattr(row, field.attname)
    return stored_value(row, field)
