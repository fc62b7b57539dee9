"""What is asked for and booked in the world of the fuzzed forms."""

from datetime import date, timedelta

from engagements.comments import subject_of
from engagements.models import Engagement
from psdelivery.comments.services import add_comment
from psdelivery.people.choices import Role
from scheduling.choices import Hold, RequestKind, RequestState
from tests.factories.engagements import NOW, registered
from tests.factories.people import UserFactory
from tests.factories.scheduling import asked_for, booked

# A Monday some weeks after the world's now.
MONDAY = date(2027, 3, 15)
WEEK = [(MONDAY, MONDAY + timedelta(days=4))]


def make_planning(engagements, people):
    """Requests in each state in which something is done with them, and a booking."""
    me, training = people["me"], engagements["training"]
    sure = {"opportunity_stage": 5, "forecast_category": "commit"}
    Engagement.objects.filter(pk=training.pk).update(**sure)
    training.refresh_from_db()

    def ask(state, kind=RequestKind.ENGAGEMENT, **fields):
        return asked_for(
            training, requested_by=me, days=WEEK, state=state, kind=kind, **fields
        )

    coordinator = UserFactory(roles=[Role.COORDINATOR])
    standing = registered(
        title="Creditable time", kind="internal", customer=training.customer, by=me
    )
    return {
        "standing": standing,
        "asking": add_comment(
            subject_of(training),
            f"@{coordinator.username} 8 hours mentoring on 15 March",
            by=me,
            now=NOW,
        ),
        "unsent": ask(RequestState.DRAFT),
        "sent": ask(RequestState.SUBMITTED),
        "reviewed": ask(RequestState.UNDER_REVIEW),
        "inquiry": ask(RequestState.SUBMITTED, RequestKind.PLANNING),
        "booking": booked(
            people["colleague"], training, hold=Hold.SOFT, by=me, now=NOW
        ),
    }
