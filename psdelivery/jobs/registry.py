"""Which functions do which kinds of jobs; each place registers its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.utils.functional import Promise

from psdelivery.people.models import User

if TYPE_CHECKING:
    from psdelivery.jobs.services.work import Work


@dataclass(frozen=True)
class Outcome:
    """What came of a job: a sentence, details, a file, and how it is undone.

    `url` leads to where the work goes on. `file` is stored after the function has
    returned; `undo` is what the kind's undo function gets, None where there is no way
    back.
    """

    text: str
    lines: tuple[str, ...] = ()
    file: "File[bytes] | None" = None
    undo: dict[str, Any] | None = None
    url: str = ""
    url_label: str = ""


class JobFailed(Exception):
    """The work cannot be done; the message is for the person who started it."""


Run = Callable[["Work"], Outcome]
# (handle, by, now), inside a transaction; raises RuleRefused where it is too late.
Undo = Callable[[dict[str, Any], User, datetime], None]


@dataclass(frozen=True)
class JobKind:
    run: Run
    title: str | Promise
    undo: Undo | None = None


_kinds: dict[str, JobKind] = {}


def register_job(
    kind: str, run: Run, title: str | Promise, undo: Undo | None = None
) -> None:
    """Let `run` do the jobs of this kind; a second registration replaces."""
    _kinds[kind] = JobKind(run, title, undo)


def job_kind(kind: str) -> JobKind | None:
    """Return who does this kind, None when nobody does any more."""
    return _kinds.get(kind)


def undo_of(kind: str) -> Undo | None:
    """Return who takes back jobs of this kind, None where there is no way back."""
    found = job_kind(kind)
    return found.undo if found else None
