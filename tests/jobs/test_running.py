from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from psdelivery import clock as portal_clock
from psdelivery.documents.access import documents_within
from psdelivery.documents.models import Document
from psdelivery.history.models import Event
from psdelivery.jobs.choices import JobState
from psdelivery.jobs.models import Job
from psdelivery.jobs.registry import JobFailed, Outcome
from psdelivery.jobs.services import claims, run_one, run_waiting, start_job
from psdelivery.people.choices import Role
from psdelivery.people.models import Customer
from psdelivery.registry import Reason, RuleRefused
from tests.factories.jobs import JobFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

LEASE = timedelta(seconds=60)


@pytest.fixture(autouse=True)
def lease(settings):
    settings.JOB_LEASE_SECONDS = LEASE.total_seconds()


def start(ann, now, kind="test-job", **arguments):
    return start_job(kind, "Count the beans", arguments, by=ann, now=now)


def stored(job):
    return Job.objects.get(pk=job.pk)


def test_a_job_is_done_and_tells_what_came_of_it(ann, now, kind):
    kind(lambda work: Outcome(f"{work.arguments['beans']} beans.", ("One is bad.",)))
    job = start(ann, now, beans=3)

    assert run_one() is True

    job = stored(job)
    assert (job.state, job.finished_at) == (JobState.DONE, now)
    assert job.result == {"text": "3 beans.", "lines": ["One is bad."]}
    assert (job.lease_until, job.lease_token) == (None, "")
    assert Event.objects.get().verb == "job-started"


def test_nothing_to_do_is_no_work(now, kind):
    assert run_one() is False


def test_the_oldest_comes_first(ann, now, kind):
    order = []
    kind(lambda work: order.append(work.arguments["n"]) or Outcome(""))
    for n in (2, 1):
        job = start(ann, now, n=n)
        Job.objects.filter(pk=job.pk).update(created_at=now - timedelta(hours=3 - n))

    assert run_waiting(seconds=5) is False
    assert order == [1, 2]


def test_a_result_file_is_for_who_started_the_job_alone(ann, now, kind):
    kind(lambda work: Outcome("Here.", file=ContentFile(b"a,b", name="beans.csv")))
    job = start(ann, now)

    run_one()

    document = stored(job).result_file
    administrator = UserFactory(roles=[Role.ADMINISTRATOR])
    assert document.file.read() == b"a,b"
    assert (document.title, document.filename) == ("Count the beans", "beans.csv")
    assert Document.objects.filter(documents_within(ann)).get() == document
    assert not Document.objects.filter(documents_within(administrator)).exists()


def test_times_stand_on_the_clock_of_who_started_it(now, kind):
    kind(lambda work: Outcome(timezone.get_current_timezone_name()))
    sydney = UserFactory(zone="Australia/Sydney")
    job = start(sydney, now)

    run_one()

    assert stored(job).result["text"] == "Australia/Sydney"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (JobFailed("There is no such sheet."), "There is no such sheet."),
        (RuleRefused([Reason("late", "Too late.")]), "Too late."),
        (SoftTimeLimitExceeded(), "It took too long and was stopped."),
        (ZeroDivisionError("secret"), "Something went wrong in the portal."),
    ],
)
def test_a_failure_is_told_in_words_and_the_next_job_runs(
    ann, now, kind, caplog, error, told
):
    def run(work):
        if work.arguments["fails"]:
            raise error
        return Outcome("Fine.")

    kind(run)
    bad, good = start(ann, now, fails=True), start(ann, now, fails=False)

    run_waiting(seconds=5)

    assert stored(bad).state == JobState.FAILED
    assert stored(bad).error.startswith(told)
    assert "secret" not in stored(bad).error
    assert stored(good).state == JobState.DONE
    assert Event.objects.filter(verb="job-failed").count() == 1


def test_what_a_failed_part_wrote_is_rolled_back(ann, now, kind):
    def run(work):
        with transaction.atomic():
            Customer.objects.create(name="Acme")
            raise JobFailed("Half a row.")

    kind(run)
    start(ann, now)

    run_one()

    assert not Customer.objects.exists()


def test_a_kind_that_is_gone_fails_in_words(ann, now, kind):
    job = JobFactory(kind="no-such-kind", by=ann)

    run_one()

    assert "Nothing in the portal" in stored(job).error


def test_nobody_starts_a_job_of_an_unknown_kind(ann, now):
    with pytest.raises(LookupError):
        start(ann, now, kind="no-such-kind")


def test_a_job_of_who_has_left_is_not_done(ann, now, kind):
    kind()
    job = start(ann, now)
    ann.is_active = False
    ann.save()

    run_one()

    assert stored(job).error == "Who started it has left."


def test_progress_is_written_at_most_once_a_second(
    ann, now, kind, clock, django_assert_num_queries
):
    seen = []

    def run(work):
        for n in range(1, 101):
            if n == 51:
                clock.shift(timedelta(seconds=1))
            work.progress(n, 100)
        seen.append(Job.objects.get().percent)
        return Outcome("")

    kind(run)
    start(ann, now)

    run_one()

    assert seen == [51]


def test_progress_renews_the_lease(ann, now, kind, clock):
    def run(work):
        for _n in range(5):
            clock.shift(LEASE - timedelta(seconds=1))
            work.progress(1)
            assert claims.claim(portal_clock.now()) is None
        return Outcome("In time.")

    kind(run)
    job = start(ann, now)

    run_one()

    assert stored(job).state == JobState.DONE


def test_a_job_whose_runner_died_is_taken_up_again_and_told_so(ann, now, kind, clock):
    told = []
    kind(lambda work: told.append((work.is_restart, work.resume)) or Outcome(""))
    job = start(ann, now)
    dead = claims.claim(now)
    claims.hold(dead, now, resume={"row": 500})

    assert run_one() is False
    clock.shift(LEASE + timedelta(seconds=1))
    assert run_one() is True

    assert told == [(True, {"row": 500})]
    assert (stored(job).state, stored(job).attempts) == (JobState.DONE, 2)


def test_a_job_that_kills_its_worker_is_given_up(ann, now, kind, clock):
    kind()
    job = start(ann, now)
    for _n in range(3):
        claims.claim(portal_clock.now())
        clock.shift(LEASE + timedelta(seconds=1))

    assert run_one() is False

    assert stored(job).state == JobState.FAILED
    assert "died each time" in stored(job).error
