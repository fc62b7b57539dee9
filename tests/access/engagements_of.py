"""Engagements near to and far from the person whose turn it is."""

from psdelivery.people.choices import EngagementRole
from tests.factories.engagements import EngagementFactory, TeamMemberFactory
from tests.factories.people import PracticeFactory


def own_engagement(cast, **fields):
    """One that the person is on."""
    engagement = EngagementFactory(**fields)
    TeamMemberFactory(engagement=engagement, role=EngagementRole.PSE, person=cast.actor)
    return engagement


def team_engagement(cast, **fields):
    """One of the person's practice, which they are not on."""
    practice = cast.actor.practice or PracticeFactory()
    return EngagementFactory(practice=practice, **fields)


def foreign_engagement(cast, **fields):
    """One of other people and another practice."""
    return EngagementFactory(**fields)


def near_and_far(cast, make):
    """What `make` makes of an own, a team and a foreign engagement."""
    return {
        "own": make(own_engagement(cast)),
        "team": make(team_engagement(cast)),
        "foreign": make(foreign_engagement(cast)),
    }
