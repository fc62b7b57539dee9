from datetime import timedelta

from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.people import UserFactory
from tests.factories.training import NOW, CourseFactory, DeliveryFactory
from training.models import DateOption, DateProposal, PlanningMeeting


def _proposal(cast):
    def make(engagement):
        proposal = DateProposal.objects.create(
            engagement=engagement,
            course=CourseFactory(),
            title="Git",
            zone="Europe/Berlin",
            created_at=NOW,
            created_by=UserFactory(),
        )
        DateOption.objects.create(proposal=proposal, order=0)
        return {"pk": proposal.pk}

    return Sample(**near_and_far(cast, make))


def _engagement(cast):
    return Sample(**near_and_far(cast, lambda engagement: {"pk": engagement.pk}))


def _booking(cast):
    def make(engagement):
        return {"pk": DeliveryFactory(engagement=engagement, trainer=UserFactory()).pk}

    return Sample(**near_and_far(cast, make))


def _meeting(cast):
    def make(engagement):
        delivery = DeliveryFactory(engagement=engagement, trainer=UserFactory())
        meeting = PlanningMeeting.objects.create(
            engagement=engagement,
            starts_at=NOW,
            ends_at=NOW + timedelta(minutes=30),
            zone="Europe/Berlin",
            created_at=NOW,
            created_by=UserFactory(),
        )
        meeting.deliveries.add(delivery)
        return {"pk": meeting.pk}

    return Sample(**near_and_far(cast, make))


SAMPLES = {
    "training:meeting-add": _engagement,
    "training:meeting-detail": _meeting,
    "training:meeting-edit": _meeting,
    "training:meeting-cancel": _meeting,
    "training:meeting-held": _meeting,
    "training:meeting-answer": _meeting,
    "training:proposal-add": _engagement,
    "training:proposal-detail": _proposal,
    "training:proposal-confirm": _proposal,
    "training:proposal-withdraw": _proposal,
    "training:delivery-booking": _booking,
}
