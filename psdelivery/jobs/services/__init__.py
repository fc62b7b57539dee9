"""Writes of jobs: starting, running, and what a person decides about one."""

from psdelivery.jobs.services.decisions import cancel_job, undo_job
from psdelivery.jobs.services.running import run_one, run_waiting
from psdelivery.jobs.services.starting import start_job, wake
from psdelivery.jobs.services.work import Work

__all__ = [
    "Work",
    "cancel_job",
    "run_one",
    "run_waiting",
    "start_job",
    "undo_job",
    "wake",
]
