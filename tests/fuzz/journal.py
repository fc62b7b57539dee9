"""What was really written: the statements that no rollback took back."""

import re
from contextlib import contextmanager

from django.db import connection

WRITES = re.compile(
    r"\s*(INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE
)
SAVEPOINT = re.compile(r"\s*(SAVEPOINT|ROLLBACK TO SAVEPOINT|ROLLBACK TO)\s+\"?(\w+)")
# Who is logged in and since when is no business record.
SPARE = {"django_session"}


class Journal:
    """Tables written to, with the savepoints between."""

    def __init__(self):
        self._entries: list[tuple[str, str]] = []

    @property
    def tables(self):
        return [table for what, table in self._entries if what == "write"]

    def note(self, execute, sql, params, many, context):
        """Run a statement, for `connection.execute_wrapper`."""
        answer = execute(sql, params, many, context)
        if point := SAVEPOINT.match(sql):
            word, name = point.groups()
            if word == "SAVEPOINT":
                self._entries.append(("savepoint", name))
            elif ("savepoint", name) in self._entries:
                del self._entries[self._entries.index(("savepoint", name)) :]
        elif (write := WRITES.match(sql)) and write[2] not in SPARE:
            self._entries.append(("write", write[2]))
        return answer


@contextmanager
def kept_journal():
    """Note what is written while the block runs."""
    journal = Journal()
    with connection.execute_wrapper(journal.note):
        yield journal
