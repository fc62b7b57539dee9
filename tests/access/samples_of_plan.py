"""The event plan of a class, and its meeting."""

from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.people import UserFactory
from tests.factories.training import NOW, DeliveryFactory
from training.models import EventPlanVersion
from training.services.event_plan import begin_plan


def _plan(cast):
    def make(engagement):
        delivery = DeliveryFactory(engagement=engagement)
        begin_plan(delivery, by=UserFactory(), now=NOW)
        return {"pk": delivery.pk}

    return Sample(**near_and_far(cast, make))


def _version(cast):
    def make(engagement):
        delivery, author = DeliveryFactory(engagement=engagement), UserFactory()
        plan = begin_plan(delivery, by=author, now=NOW)
        EventPlanVersion.objects.create(plan=plan, number=1, by=author, at=NOW)
        return {"pk": delivery.pk, "number": 1}

    return Sample(**near_and_far(cast, make))


def _class(cast):
    near = near_and_far(cast, lambda e: {"pk": DeliveryFactory(engagement=e).pk})
    return Sample(**near)


SAMPLES = {
    "training:delivery-meeting": _class,
    "training:delivery-invite": _class,
    "training:delivery-uninvite": _class,
    "training:delivery-plan": _plan,
    "training:delivery-plan-begin": _plan,
    "training:delivery-plan-choices": _plan,
    "training:delivery-plan-keep": _plan,
    "training:delivery-plan-print": _plan,
    "training:delivery-plan-version": _version,
}
