"""On whose team somebody is, for them to have."""

from typing import Any

from engagements.models import Engagement, TeamMember
from psdelivery.people.models import Contact, User
from psdelivery.people.personal_data import register_personal_data, rows

FIELDS = ("engagement__title", "engagement__customer__name", "role")


def teams_of(person: User) -> list[dict[str, Any]]:
    """Return the engagements that a person is on, with role, first day and hours."""
    members = TeamMember.objects.filter(person=person)
    return rows(members.values(*FIELDS, "first_day", "hours"))


def engagements_of(contact: Contact) -> list[dict[str, Any]]:
    """Return the engagements whose main contact this is."""
    return rows(Engagement.objects.filter(main_contact=contact).values("title"))


def register_engagement_data() -> None:
    """Tell what engagements hold on people and contacts."""
    register_personal_data(User, "teams", teams_of)
    register_personal_data(Contact, "engagements", engagements_of)
