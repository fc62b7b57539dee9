from psdelivery.access import Action
from tests.access.sample import Sample
from tests.factories.jobs import JobFactory


def _job(cast):
    own, foreign = JobFactory(by=cast.actor), JobFactory()
    # Whoever I am, those of others are closed: nobody reaches them all.
    return Sample(own={"pk": own.pk}, foreign={"pk": foreign.pk}, beyond=Action.MY_DAY)


SAMPLES = {
    "jobs:job-detail": _job,
    "jobs:job-cancel": _job,
    "jobs:job-undo": _job,
}
