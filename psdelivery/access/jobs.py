"""Work that takes longer than a page may."""

from psdelivery.access.doors import Door
from psdelivery.access.table import Action

JOBS: dict[str, Action | Door] = {
    # Jobs that I started: as near as my own day.
    "jobs:job-list": Action.MY_DAY,
    "jobs:job-detail": Action.MY_DAY,
    "jobs:job-cancel": Action.MY_DAY,
    "jobs:job-undo": Action.MY_DAY,
}
