"""What engagements do when something happens above them."""

from django.db.models import Q

from engagements.choices import Status
from engagements.models import Engagement
from engagements.services.team import follow_team
from psdelivery.people.events import PersonLeft
from psdelivery.registry import reactions

# Closed is not over: bills and the retrospective are still to be done.
OVER = frozenset({Status.COMPLETED, Status.CANCELLED})


def give_steps_back(event: PersonLeft) -> None:
    """R-23: a leaver's open steps go to who stands in, never to nobody."""
    near = Q(team__person=event.person) | Q(practice__manager=event.person)
    running = Engagement.objects.filter(near).exclude(status__in=OVER)
    for engagement in running.select_related("checklist").distinct():
        follow_team(engagement, by=event.by, now=event.at)


def register_reactions() -> None:
    """Listen to what people do."""
    reactions.register(PersonLeft, give_steps_back)
