"""Two runners at once, and one that comes back late."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction

from psdelivery.documents.models import Document
from psdelivery.jobs.choices import JobState
from psdelivery.jobs.models import Job
from psdelivery.jobs.registry import Outcome
from psdelivery.jobs.services import cancel_job, claims, run_one, start_job
from psdelivery.people.models import Customer
from psdelivery.registry import RuleRefused
from tests.factories.jobs import JobFactory
from tests.machine import is_on_postgres

LEASE = timedelta(seconds=60)


@pytest.fixture(autouse=True)
def lease(settings):
    settings.JOB_LEASE_SECONDS = LEASE.total_seconds()


@pytest.mark.django_db
def test_what_is_claimed_is_not_claimed_again(now):
    JobFactory.create_batch(2)

    claimed = [claims.claim(now) for _n in range(3)]

    assert claimed[2] is None
    assert claimed[0].pk != claimed[1].pk


@pytest.mark.django_db
def test_a_late_runner_writes_nothing_over_the_one_that_took_over(now):
    JobFactory()
    late = claims.claim(now)
    taken = claims.claim(now + LEASE * 2)

    assert claims.hold(late, now, progress_done=1) is False
    assert claims.settle(late, JobState.FAILED, now, error="late") is False
    assert claims.settle(taken, JobState.DONE, now) is True


@pytest.mark.django_db
def test_a_part_that_a_late_runner_wrote_is_rolled_back(ann, now, kind, clock, caplog):
    def run(work):
        clock.shift(LEASE * 2)
        claims.claim(now + LEASE * 2)
        with transaction.atomic():
            Customer.objects.create(name="Acme")
            work.commit(1)
        return Outcome("")

    kind(run)
    job = start_job("test-job", "Import", {}, by=ann, now=now)

    run_one()

    job.refresh_from_db()
    assert not Customer.objects.exists()
    assert (job.state, job.attempts) == (JobState.RUNNING, 2)
    assert "taken over" in caplog.text


@pytest.mark.django_db
def test_the_file_of_a_late_runner_is_not_kept(ann, now, kind, clock, store):
    def run(work):
        clock.shift(LEASE * 2)
        claims.claim(now + LEASE * 2)
        return Outcome("", file=ContentFile(b"x", name="late.csv"))

    kind(run)
    start_job("test-job", "Export", {}, by=ann, now=now)

    run_one()

    assert not Document.objects.exists()


@pytest.mark.django_db
def test_a_waiting_job_is_cancelled_at_once(ann, now, kind):
    kind()
    job = start_job("test-job", "Import", {}, by=ann, now=now)

    cancel_job(job, by=ann, now=now)

    job.refresh_from_db()
    assert (job.state, job.finished_at) == (JobState.CANCELLED, now)
    assert run_one() is False


@pytest.mark.django_db
def test_a_running_job_stops_at_its_next_sign(ann, now, kind):
    def run(work):
        with transaction.atomic():
            Customer.objects.create(name="First")
            work.commit(1)
        cancel_job(Job.objects.get(), by=ann, now=now)
        with transaction.atomic():
            Customer.objects.create(name="Second")
            work.commit(2)
        return Outcome("")

    kind(run)
    job = start_job("test-job", "Import", {}, by=ann, now=now)

    run_one()

    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert Customer.objects.get().name == "First"


@pytest.mark.django_db
def test_a_job_cancelled_after_its_runner_died_is_not_taken_up_again(
    ann, now, kind, clock
):
    kind()
    job = start_job("test-job", "Import", {}, by=ann, now=now)
    claims.claim(now)
    cancel_job(job, by=ann, now=now)
    clock.shift(LEASE * 2)

    assert run_one() is False

    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


@pytest.mark.django_db
def test_what_is_at_its_end_is_not_cancelled(ann, now):
    with pytest.raises(RuleRefused, match="is done already"):
        cancel_job(JobFactory(done=True), by=ann, now=now)


@pytest.mark.skipif(not is_on_postgres(), reason="needs several connections")
@pytest.mark.django_db(transaction=True)
def test_eight_runners_do_each_job_once(ann, now, kind):
    def run(work):
        Customer.objects.create(name=f"Customer {work.arguments['n']}")
        return Outcome("")

    kind(run)
    for n in range(40):
        start_job("test-job", "Import", {"n": n}, by=ann, now=now)

    def work_off(_n):
        try:
            while run_one():
                pass
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work_off, range(8)))

    assert Customer.objects.count() == 40
    assert set(Job.objects.values_list("state", "attempts")) == {("done", 1)}
