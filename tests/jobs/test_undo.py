import pytest

from psdelivery.history.models import Event
from psdelivery.jobs.models import Job
from psdelivery.jobs.registry import Outcome
from psdelivery.jobs.rules import may_cancel, may_undo, reasons_against_undo
from psdelivery.jobs.services import run_one, start_job, undo_job
from psdelivery.people.models import Customer
from psdelivery.registry import Reason, RuleRefused
from tests.factories.jobs import JobFactory

pytestmark = pytest.mark.django_db


def imports_two(work):
    made = [Customer.objects.create(name=name).pk for name in ("Acme", "Globex")]
    return Outcome("Two customers.", undo={"customers": made})


def take_out(handle, by, now):
    Customer.objects.filter(pk__in=handle["customers"]).delete()


@pytest.fixture
def job(ann, now, kind):
    kind(imports_two, undo=take_out)
    job = start_job("test-job", "Import", {}, by=ann, now=now)
    run_one()
    return Job.objects.get(pk=job.pk)


def test_what_a_job_did_is_taken_back(job, ann, now):
    undone = undo_job(job, by=ann, now=now)

    assert not Customer.objects.exists()
    assert undone.undone_at == now
    assert Event.objects.latest("pk").verb == "job-undone"


def test_a_job_is_undone_once(job, ann, now):
    undo_job(job, by=ann, now=now)
    Customer.objects.create(name="Acme")

    with pytest.raises(RuleRefused, match="undone already"):
        undo_job(job, by=ann, now=now)

    assert Customer.objects.exists()


def test_a_kind_may_refuse_and_nothing_is_undone(ann, now, kind):
    def too_late(handle, by, now):
        Customer.objects.all().delete()
        raise RuleRefused([Reason("booked", "Somebody booked on top.")])

    kind(imports_two, undo=too_late)
    job = start_job("test-job", "Import", {}, by=ann, now=now)
    run_one()

    with pytest.raises(RuleRefused, match="booked on top"):
        undo_job(job, by=ann, now=now)

    assert Customer.objects.count() == 2
    assert Job.objects.get().undone_at is None


def test_there_is_no_way_back_without_a_handle_or_a_function(ann, now, kind):
    kind(undo=take_out)
    waiting, done = JobFactory(), JobFactory(done=True)
    stranger = JobFactory(done=True, kind="gone", undo_handle={})
    can = JobFactory(done=True, undo_handle={})

    codes = [
        [reason.code for reason in reasons_against_undo(one)]
        for one in (waiting, done, stranger, can)
    ]

    assert codes == [["not-done"], ["no-way-back"], ["no-way-back"], []]
    assert [may_undo(one) for one in (done, can)] == [False, True]


def test_a_job_being_stopped_is_not_stopped_again(now):
    assert may_cancel(JobFactory(running=True))
    assert not may_cancel(JobFactory(running=True, cancel_asked_at=now))
    assert not may_cancel(JobFactory(done=True))
