"""The reminder scan, measured with few and with many steps due."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from time import perf_counter
from typing import Any

from django.db import connection

from psdelivery.dashboards.bench.data import make_due
from psdelivery.dashboards.bench.figures import ScanFigure
from psdelivery.dashboards.bench.pages import count_queries
from psdelivery.playbooks.models import Reminder, Step
from psdelivery.playbooks.services.reminders import scan_reminders

INDEX = "step_reminder_scan"
SEARCH, BY_KEY = 'FROM "playbooks_step" WHERE', '"playbooks_step"."id" IN'
LIMIT = 20_000


def measure_scans(dues: Iterable[int], now: datetime) -> list[ScanFigure]:
    """Return the figures of a scan for each number of due steps."""
    steps = Step.objects.count()
    return [measure_scan(steps, due, now) for due in dues]


def measure_scan(steps: int, due: int, now: datetime) -> ScanFigure:
    """Let so many steps be due and scan: time, queries, reminders decided.

    Each reminder is in a queued mail, but people may have several in one.
    """
    make_due(due, now)
    before, start = Reminder.objects.count(), perf_counter()
    queries = count_queries(lambda: scan_reminders(now=now, limit=LIMIT))
    seconds = perf_counter() - start
    return ScanFigure(steps, due, seconds, queries, Reminder.objects.count() - before)


def goes_by_index(now: datetime) -> bool:
    """Tell whether the database finds due and leased steps by the partial index.

    The plans are those of the statements that the scan itself sends, apart from
    those that ask for steps by their keys.
    """
    sent: list[tuple[str, Any]] = []

    def noting(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if SEARCH in sql and BY_KEY not in sql:
            sent.append((sql, params))
        return execute(sql, params, many, context)

    make_due(1, now)
    with connection.execute_wrapper(noting):
        scan_reminders(now=now)
    return bool(sent) and all(INDEX in plan_of(*one) for one in sent)


def plan_of(sql: str, params: Any) -> str:
    """Return how the database would carry out the statement."""
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {sql}", params)
        return str(cursor.fetchall())


def database_words() -> str:
    """Return the database with its version."""
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"
