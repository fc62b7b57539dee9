"""Decisions about the running of the portal: no writes, no clock, no connection."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from psdelivery.operations.models import LastRun


class Word(StrEnum):
    """What a health check says of a part of the portal."""

    OK = "ok"
    NO_ANSWER = "no answer"
    # It spoke once, and has been quiet for longer than allowed.
    SILENT = "silent"
    # It has not spoken since the portal was set up.
    NEVER = "never"
    # It cannot be asked, because the database does not answer.
    UNKNOWN = "unknown"


def word_for_age(last: datetime | None, *, now: datetime, limit: timedelta) -> Word:
    """Tell what a sign of life says that came at `last`; None: none came yet."""
    if last is None:
        return Word.NEVER
    return Word.OK if now - last <= limit else Word.SILENT


def silent_runs(
    runs: Iterable[LastRun], *, now: datetime, limit: timedelta
) -> list[LastRun]:
    """Return the tasks that administrators have to hear of.

    One that never ran counts from when it was first waited for, so that a portal
    that is just starting raises no alarm.
    """
    return [run for run in runs if now - run.quiet_since > limit]
