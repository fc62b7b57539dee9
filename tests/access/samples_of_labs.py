from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.training import (
    LabCodeFactory,
    LabExtensionFactory,
    SessionFactory,
)


def _of(cast, make):
    near = near_and_far(cast, make)
    return Sample(**{name: {"pk": found.pk} for name, found in near.items()})


def _delivery(cast):
    return _of(cast, lambda e: SessionFactory(delivery__engagement=e).delivery)


def _code(cast):
    return _of(cast, lambda e: LabCodeFactory(delivery__engagement=e))


def _extension(cast):
    return _of(cast, lambda e: LabExtensionFactory(delivery__engagement=e))


SAMPLES = {
    "training:delivery-labs": _delivery,
    "training:lab-code-add": _delivery,
    "training:lab-code-retire": _code,
    "training:lab-extension-ask": _delivery,
    "training:lab-access-attendees": _delivery,
    "training:lab-extension-decide": _extension,
}
