"""What engagements do when something happens above them."""

from engagements.choices import OPEN_STATUSES
from engagements.models import Engagement
from engagements.services.team import follow_team
from psdelivery.people.events import PersonLeft
from psdelivery.registry import reactions


def give_steps_back(event: PersonLeft) -> None:
    """R-23: a leaver's open steps go to who stands in, never to nobody."""
    left = Engagement.objects.filter(
        team__person=event.person, status__in=OPEN_STATUSES
    )
    for engagement in left.select_related("checklist").distinct():
        follow_team(engagement, by=event.by, now=event.at)


def register_reactions() -> None:
    """Listen to what people do."""
    reactions.register(PersonLeft, give_steps_back)
