"""Rows as lines of JSON: the same text for the same row on either database."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import DateField, Field, Model, TimeField
from django.utils.duration import duration_string

READ_AT_ONCE = 2_000
WRITE_AT_ONCE = 1_000


def fields_of(model: type[Model]) -> list[Field[Any, Any]]:
    """Return the fields that stand in the model's own table, without computed ones."""
    return [
        field
        for field in model._meta.local_concrete_fields
        if not getattr(field, "generated", False)
    ]


def names_of(model: type[Model]) -> list[str]:
    """Return the names of the stored fields; a foreign key is the key alone."""
    return [field.attname for field in fields_of(model)]


def lines_of(model: type[Model], names: Sequence[str]) -> Iterator[bytes]:
    """Yield every row as a line, in the order of the primary key."""
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=READ_AT_ONCE):
        yield line_of(row)


def line_of(row: Sequence[object]) -> bytes:
    """Return a row as one line of JSON, the keys of inner objects sorted."""
    told = [encoded(value) for value in row]
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def encoded(value: Any) -> Any:
    """Return what JSON can hold of a value and `to_python` of its field reads back."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_string(value)
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value


def objects_of(
    model: type[Model], names: Sequence[str], lines: Iterable[bytes]
) -> Iterator[Model]:
    """Yield the objects that the lines tell of."""
    by_name = {field.attname: field for field in fields_of(model)}
    fields = [by_name[name] for name in names]
    for line in lines:
        values = zip(fields, json.loads(line), strict=True)
        yield model(
            **{field.attname: field.to_python(value) for field, value in values}
        )


def write_rows(model: type[Model], names: Sequence[str], lines: Iterable[bytes]) -> int:
    """Insert the rows of the lines and return how many; inside a transaction."""
    objects, written = objects_of(model, names, lines), 0
    with keeping_times(model):
        while batch := list(islice(objects, WRITE_AT_ONCE)):
            model._base_manager.bulk_create(batch)
            written += len(batch)
    return written


@contextmanager
def keeping_times(model: type[Model]) -> Iterator[None]:
    """Let no field of the model put the present moment over the time it is given."""
    with ExitStack() as stack:
        for field in own_times(model):
            stack.callback(_let_write, field, field.auto_now, field.auto_now_add)
            _let_write(field, False, False)
        yield


def own_times(model: type[Model]) -> list[DateField[Any, Any] | TimeField[Any, Any]]:
    """Return the fields that write the present moment whatever they are given."""
    return [
        field
        for field in model._meta.local_concrete_fields
        if isinstance(field, DateField | TimeField)
        and (field.auto_now or field.auto_now_add)
    ]


def _let_write(
    field: DateField[Any, Any] | TimeField[Any, Any], now: bool, now_add: bool
) -> None:
    field.auto_now, field.auto_now_add = now, now_add


class Tally:
    """Counts lines and digests them while they pass by."""

    def __init__(self) -> None:
        self.count = 0
        self._digest = hashlib.sha256()

    def follow(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the lines unchanged."""
        for line in lines:
            self.count += 1
            self._digest.update(line)
            yield line

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()
