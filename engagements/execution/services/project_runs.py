"""Talk to the customers' projects: push what is wanted, then read back."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from engagements.execution.gitlab.client import GitlabError
from engagements.execution.models import CollaborationProject
from engagements.execution.services.collaboration import (
    claim_project,
    due_projects,
    free_project,
    note_trouble,
)
from engagements.execution.services.pushing import (
    Overtaken,
    Pushed,
    open_project,
    push_wanted,
)
from engagements.execution.services.reading_back import read_back
from engagements.execution.services.work_steps import tick_work_items
from psdelivery import clock

# Then others of the queue have their turn; what is left is due at the next look.
SECONDS = 20


@dataclass(frozen=True)
class Run:
    """What came of talking to a project; `trouble` says why it ended early."""

    pushed: Pushed
    trouble: str = ""


def run_project(pk: int, tell: Callable[[int, int], None] | None = None) -> Run | None:
    """Push and read back; None where another worker is at it.

    Trouble is noted at the project, and tried again later and later.
    """
    project = claim_project(pk, clock.now())
    if project is None:
        return None
    pushed = Pushed()
    try:
        with open_project(project) as other:
            pushed = push_wanted(project, other, tell)
            read_back(project, other)
    except Overtaken:
        return None
    except GitlabError as error:
        note_trouble(project, str(error), error.retry_after, clock.now())
        return Run(pushed, str(error))
    if pushed.by is not None:
        tick_work_items(project, by=pushed.by, now=clock.now())
    free_project(project, clock.now())
    return Run(pushed)


def look_at_projects() -> int:
    """Talk to each project that is due, for a while; return how many."""
    end, count = monotonic() + SECONDS, 0
    for pk in due_projects(clock.now()):
        run_project(pk)
        count += 1
        if monotonic() > end:
            break
    return count


def project_of(engagement_id: int) -> CollaborationProject | None:
    """Return the project of an engagement, None while nobody entered one."""
    return CollaborationProject.objects.filter(engagement=engagement_id).first()
