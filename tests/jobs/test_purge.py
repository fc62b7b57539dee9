from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from psdelivery.documents.models import Document
from psdelivery.documents.services import add_link
from psdelivery.jobs.models import Job
from psdelivery.jobs.registry import Outcome
from psdelivery.jobs.services import run_one, start_job
from psdelivery.operations.services.purges import purge_old
from tests.factories.jobs import JobFactory

pytestmark = pytest.mark.django_db

MONTH = timedelta(days=30)


def test_old_jobs_go_with_their_results_and_nothing_else(ann, now, kind):
    kind(lambda work: Outcome("", file=ContentFile(b"x", name="x.csv")))
    start_job("test-job", "Export", {}, by=ann, now=now)
    run_one()
    kept = add_link("https://example.com", title="", engagement=None, by=ann, now=now)

    assert purge_old(now + MONTH, seconds=5)["jobs"] == 0
    assert purge_old(now + MONTH + timedelta(seconds=1), seconds=5)["jobs"] == 1

    assert not Job.objects.exists()
    assert Document.objects.get() == kept


def test_what_is_not_at_its_end_stays_however_old(now):
    JobFactory()
    JobFactory(running=True)
    JobFactory(failed=True)

    assert purge_old(now + 2 * MONTH, seconds=5)["jobs"] == 1

    assert set(Job.objects.values_list("state", flat=True)) == {"queued", "running"}
