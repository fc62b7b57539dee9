from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import current_app
from django.db import Error as DatabaseError
from django.db import connection
from django.utils.functional import Promise
from kombu.exceptions import OperationalError as BrokerError

from psdelivery.operations.looks import Look, registered_looks
from psdelivery.operations.models import LastRun
from psdelivery.operations.rules import Word, silent_runs, word_for_age
from psdelivery.operations.settings import SILENCE_MINUTES
from psdelivery.people.register import portal_settings


@dataclass(frozen=True)
class Silence:
    """A task that has been quiet for too long; `since` its last sign of life."""

    title: str | Promise
    since: datetime


def silence_limit() -> timedelta:
    """Return how long a look may stay away; one query."""
    return timedelta(minutes=portal_settings()[SILENCE_MINUTES])


def last_runs() -> dict[str, LastRun]:
    """Return the watched tasks by name; one that is missing was never waited for."""
    watched = [look.task for look in registered_looks()]
    return LastRun.objects.in_bulk(watched)


def silences(now: datetime) -> list[Silence]:
    """Return what has been quiet for too long; two queries, the same at all times."""
    titles = {look.task: look.title for look in registered_looks()}
    runs = silent_runs(last_runs().values(), now=now, limit=silence_limit())
    return [Silence(titles[run.task], run.quiet_since) for run in runs]


def database_word() -> Word:
    """Ask the database for an answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Word.NO_ANSWER
    return Word.OK


def broker_word() -> Word:
    """Ask the broker for an answer, for at most two seconds."""
    try:
        with current_app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (BrokerError, OSError):
        return Word.NO_ANSWER
    return Word.OK


def readiness(now: datetime) -> dict[str, Word]:
    """Return a word for each part of the portal, by its name."""
    parts = {"database": database_word(), "broker": broker_word()}
    looks = registered_looks()
    if parts["database"] is not Word.OK:
        unknown = [name for look in looks for name in (worker_name(look), look.key)]
        return parts | dict.fromkeys(unknown, Word.UNKNOWN)
    return parts | words_of_looks(looks, now)


def worker_name(look: Look) -> str:
    """Return the name of the worker that a look needs: one for each queue."""
    return f"worker-{look.queue}"


def words_of_looks(looks: list[Look], now: datetime) -> dict[str, Word]:
    """Return the words of the workers and of the looks themselves."""
    limit, runs = silence_limit(), last_runs()
    words: dict[str, Word] = {}
    for look in looks:
        run = runs.get(look.task)
        started, finished = (run.started_at, run.finished_at) if run else (None, None)
        # A worker is well when any of the looks in its queue has begun lately.
        if words.get(worker_name(look)) is not Word.OK:
            words[worker_name(look)] = word_for_age(started, now=now, limit=limit)
        words[look.key] = word_for_age(finished, now=now, limit=limit)
    return words


def ages(now: datetime) -> dict[str, int]:
    """Return the seconds since each look came to its end, by its name."""
    runs = last_runs()
    return {
        look.key: int((now - run.finished_at).total_seconds())
        for look in registered_looks()
        if (run := runs.get(look.task)) and run.finished_at
    }
