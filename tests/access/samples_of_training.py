from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.training import (
    CourseFactory,
    DeliveryFactory,
    SessionFactory,
)


def _of_engagement(cast, make):
    near = near_and_far(cast, make)
    return Sample(**{name: {"pk": found.pk} for name, found in near.items()})


def _engagement(cast):
    return _of_engagement(cast, lambda engagement: engagement)


def _delivery(cast):
    return _of_engagement(cast, lambda e: DeliveryFactory(engagement=e))


def _session(cast):
    return _of_engagement(cast, lambda e: SessionFactory(delivery__engagement=e))


def _course(cast):
    return Sample.same(pk=CourseFactory().pk)


SAMPLES = {
    "training:delivery-add": _engagement,
    "training:delivery-detail": _delivery,
    "training:delivery-edit": _delivery,
    "training:delivery-move": _delivery,
    "training:delivery-link": _delivery,
    "training:links-mail": _delivery,
    "training:moved-attendees": _delivery,
    "training:delivery-trainer": _delivery,
    "training:delivery-cancel": _delivery,
    "training:session-add": _delivery,
    "training:session-edit": _session,
    "training:session-remove": _session,
    "training:course-edit": _course,
}
