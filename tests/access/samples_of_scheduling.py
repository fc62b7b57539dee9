from engagements.choices import ForecastCategory
from engagements.comments import subject_of
from psdelivery.access import Action
from psdelivery.comments.models import Comment
from psdelivery.comments.services import add_comment
from psdelivery.people.choices import Role
from scheduling.choices import RequestKind, RequestState
from scheduling.models import BoardView
from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.people import UserFactory
from tests.factories.scheduling import NOW, asked_for, booked


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


def _board_view(cast):
    own, _made = BoardView.objects.get_or_create(owner=cast.actor, name="Mine")
    shared = BoardView.objects.create(owner=UserFactory(), name="Ours", is_shared=True)
    # Nobody removes what others keep, however far they see.
    return Sample(own={"pk": own.pk}, foreign={"pk": shared.pk}, beyond=Action.PROFILE)


def _inquiry(cast):
    return _request(cast, state=RequestState.SUBMITTED, kind=RequestKind.PLANNING)


def _sure(engagement):
    engagement.opportunity_stage = 5
    engagement.forecast_category = ForecastCategory.COMMIT
    engagement.save()
    return engagement


def _booking(cast):
    near = near_and_far(cast, lambda one: booked(engagement=_sure(one)))
    return Sample(**{name: {"pk": found.pk} for name, found in near.items()})


def _soft_hold(cast):
    def make(engagement):
        return booked(engagement=_sure(engagement), by=UserFactory())

    near = near_and_far(cast, make)
    # What I had placed myself is the own.
    near["own"].placed_by = cast.actor
    near["own"].save()
    return Sample(**{name: {"pk": found.pk} for name, found in near.items()})


def _comment(cast):
    carla = UserFactory(roles=[Role.COORDINATOR])
    text = f"@{carla.username} a second engineer?"

    def make(engagement, by=None):
        by = by or UserFactory()
        return add_comment(subject_of(engagement), text, by=by, now=NOW)

    near = near_and_far(cast, make)
    # What I wrote myself is the own.
    Comment.objects.filter(pk=near["own"].pk).update(by=cast.actor)
    return Sample(**{name: {"pk": found.pk} for name, found in near.items()})


SAMPLES = {
    "scheduling:comment-request": _comment,
    "scheduling:allocation-extend": _soft_hold,
    "scheduling:allocation-convert": _soft_hold,
    "scheduling:board-view-delete": _board_view,
    "scheduling:request-detail": _submitted,
    "scheduling:request-edit": _submitted,
    "scheduling:request-submit": _submitted,
    "scheduling:request-withdraw": _submitted,
    "scheduling:request-review": _submitted,
    "scheduling:request-refuse": _submitted,
    "scheduling:request-answer": _inquiry,
    "scheduling:request-book": _submitted,
    "scheduling:allocation-detail": _booking,
    "scheduling:allocation-edit": _booking,
    "scheduling:allocation-release": _booking,
}
