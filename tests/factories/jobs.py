from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from psdelivery.jobs.choices import JobState
from psdelivery.jobs.models import Job
from tests.factories.people import UserFactory

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


class JobFactory(DjangoModelFactory):
    """A job that waits; of a kind that tests register as they need it."""

    class Meta:
        model = Job

    class Params:
        done = factory.Trait(
            state=JobState.DONE, finished_at=NOW, result={"text": "All done."}
        )
        failed = factory.Trait(
            state=JobState.FAILED, finished_at=NOW, error="There is no such sheet."
        )
        running = factory.Trait(
            state=JobState.RUNNING, lease_until=NOW, started_at=NOW, attempts=1,
            progress_done=20, progress_total=80,
        )  # fmt: skip

    kind = "test-job"
    title = factory.Sequence("Job {}".format)
    by = factory.SubFactory(UserFactory)
    created_at = NOW
