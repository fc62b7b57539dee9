from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.training import (
    CourseFactory,
    DeliveryFactory,
    FormImportFactory,
    SubmissionFactory,
)


def _of_engagement(cast, make):
    near = near_and_far(cast, make)
    return Sample(**{name: {"pk": found.pk} for name, found in near.items()})


def _delivery(cast):
    return _of_engagement(cast, lambda e: DeliveryFactory(engagement=e))


def _submission(cast):
    return _of_engagement(cast, lambda e: SubmissionFactory(delivery__engagement=e))


def _review(cast):
    near = near_and_far(cast, lambda e: SubmissionFactory(delivery__engagement=e))
    # Assigned to somebody is what makes a review the own.
    near["own"].reviewer = cast.actor
    near["own"].save()
    return Sample(**{name: {"pk": found.pk} for name, found in near.items()})


def _import(cast):
    return _of_engagement(cast, lambda e: FormImportFactory(delivery__engagement=e))


def _course(cast):
    return Sample.same(pk=CourseFactory().pk)


SAMPLES = {
    "training:delivery-certification": _delivery,
    "training:submission-add": _delivery,
    "training:submission-import": _delivery,
    "training:import-detail": _import,
    "training:import-columns": _import,
    "training:import-run": _import,
    "training:import-discard": _import,
    "training:submission-detail": _submission,
    "training:submission-correct": _submission,
    "training:submission-release": _review,
    "training:submission-reviewer": _submission,
    "training:submission-withdraw": _submission,
    "training:submission-restore": _submission,
    "training:course-rubric": _course,
}
