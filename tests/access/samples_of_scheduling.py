from scheduling.choices import RequestState
from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.people import UserFactory
from tests.factories.scheduling import asked_for


def _request(cast, **fields):
    def make(engagement):
        return asked_for(engagement, requested_by=UserFactory(), **fields)

    near = near_and_far(cast, make)
    # What I asked for myself is the own.
    near["own"].requested_by = cast.actor
    near["own"].save()
    return Sample(**{name: {"pk": found.pk} for name, found in near.items()})


def _submitted(cast):
    return _request(cast, state=RequestState.SUBMITTED)


SAMPLES = {
    "scheduling:request-detail": _submitted,
}
