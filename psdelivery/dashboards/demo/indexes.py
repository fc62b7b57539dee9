"""Indexes laid aside while millions of rows are written, and built again afterwards.

Each row written goes into each index of its table, most of them somewhere in the
middle; an index built of all rows at once takes a part of that time.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

# The keys stay: rows are found and referred to by them.
LAID_ASIDE = """
SELECT t.relname, i.relname, pg_get_indexdef(i.oid), pg_get_constraintdef(c.oid)
FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_class t ON t.oid = x.indrelid
LEFT JOIN pg_constraint c ON c.conindid = i.oid AND c.conrelid = t.oid
    AND c.contype IN ('u', 'x')
WHERE t.relname = ANY(%s) AND pg_table_is_visible(t.oid) AND NOT x.indisprimary
    AND NOT EXISTS (
        SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = i.oid
    )
ORDER BY t.relname, i.relname
"""
ROOM_TO_BUILD = "SET LOCAL maintenance_work_mem = '256MB'"


@dataclass(frozen=True)
class Index:
    """An index of a table, or the constraint that keeps it."""

    table: str
    name: str
    definition: str
    # "UNIQUE (…)": empty for an index that is none.
    constraint: str | None

    @property
    def drop(self) -> str:
        """Return the statement that lays it aside."""
        name, table = quoted(self.name), quoted(self.table)
        if self.constraint:
            return f"ALTER TABLE {table} DROP CONSTRAINT {name}"
        return f"DROP INDEX {name}"

    @property
    def build(self) -> str:
        """Return the statement that builds it."""
        if not self.constraint:
            return self.definition
        name, table = quoted(self.name), quoted(self.table)
        return f"ALTER TABLE {table} ADD CONSTRAINT {name} {self.constraint}"


@contextmanager
def indexes_laid_aside(tables: Collection[str]) -> Iterator[None]:
    """Write many rows to these tables, in the transaction at hand; PostgreSQL only.

    Whatever goes wrong, the transaction leaves all indexes as they were.
    """
    with connection.cursor() as cursor:
        cursor.execute(LAID_ASIDE, [list(tables)])
        found = [Index(*row) for row in cursor.fetchall()]
        for index in found:
            cursor.execute(index.drop)
        yield
        cursor.execute(ROOM_TO_BUILD)
        for index in found:
            cursor.execute(index.build)


def quoted(name: str) -> str:
    """Return a name fit for a statement."""
    return connection.ops.quote_name(name)
