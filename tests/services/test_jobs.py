"""Background jobs with a real worker that dies in the middle."""

import pytest

from tests.services.processes import wait_until

pytestmark = [pytest.mark.services, pytest.mark.full]

ENGAGEMENTS = 4000
LIST = """
from datetime import datetime
from engagements.models import Engagement, Paper
from psdelivery import clock
from psdelivery.jobs.models import Job
from psdelivery.jobs.services import start_job
from tests.factories.people import CustomerFactory, PracticeFactory, RegionFactory
from tests.factories.people import UserFactory
now = clock.now()
if not Engagement.objects.exists():
    facts = {"customer": CustomerFactory(), "region": RegionFactory(),
             "practice": PracticeFactory(), "kind": "consulting",
             "status_since": now, "ball_since": now, "created_at": now}
    made = Engagement.objects.bulk_create(
        Engagement(title=f"No. {n}", **facts) for n in range(%d))
    Paper.objects.bulk_create(Paper(engagement=one) for one in made)
ann = UserFactory(username=f"ann{now.timestamp()}", roles=["coordinator"])
answer = start_job("engagement-export", "Export", {"query": ""}, by=ann, now=now).pk
"""
LINES = """
from psdelivery.jobs.models import Job
file = Job.objects.get(pk=%d).result_file.file
answer = [len(file.read().splitlines()), file.name]
"""


def state(portal, job):
    sql = f"SELECT state, attempts, error FROM jobs_job WHERE id = {job}"
    return portal.rows(sql)[0]


def kill_while_running(portal, job):
    """Start a worker and kill it while it has the job."""
    worker = portal.start_worker()
    wait_until(
        lambda: state(portal, job)[0] != "queued",
        seconds=60,
        about=lambda: portal.log("worker")[-3000:],
    )
    worker.kill()
    return state(portal, job)


def test_a_job_whose_worker_was_killed_is_done_by_the_next(make_portal):
    with make_portal(JOB_LEASE_SECONDS=2) as portal:
        portal.start_beat()
        job = portal.python(LIST % ENGAGEMENTS)
        killed = kill_while_running(portal, job)
        assert killed == ("running", 1, ""), "it was done before the kill"

        portal.start_worker()
        wait_until(
            lambda: state(portal, job)[0] == "done",
            seconds=60,
            about=lambda: f"{state(portal, job)}\n{portal.log('worker')[-3000:]}",
        )

        lines, name = portal.python(LINES % job)
        documents = portal.rows("SELECT file FROM documents_document")
    assert state(portal, job)[1] == 2
    assert lines == ENGAGEMENTS + 1
    assert documents == [(name,)]
