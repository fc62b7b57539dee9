"""On whose team somebody is, and what they did with handoffs, for them to have."""

from typing import Any

from django.db.models import Q

from engagements.models import (
    Acknowledgement,
    Attendance,
    Engagement,
    HandoffQuestion,
    TeamMember,
)
from psdelivery.people.models import Contact, User
from psdelivery.people.personal_data import register_personal_data, rows

FIELDS = ("engagement__title", "engagement__customer__name", "role")


def teams_of(person: User) -> list[dict[str, Any]]:
    """Return the engagements that a person is on, with role, first day and hours."""
    members = TeamMember.objects.filter(person=person)
    return rows(members.values(*FIELDS, "first_day", "hours"))


def handoffs_of(person: User) -> dict[str, list[dict[str, Any]]]:
    """Return what a person acknowledged, which calls they were in, and their questions.

    Asked by them, or answered.
    """
    title = "handoff__engagement__title"
    asked = Q(asker=person) | Q(owner=person) | Q(answered_by=person)
    read = Acknowledgement.objects.filter(person=person)
    there = Attendance.objects.filter(person=person)
    questions = HandoffQuestion.objects.filter(asked)
    return {
        "acknowledged": rows(read.values(title, "asked_at", "done_at")),
        "attended": rows(there.values(title, "handoff__held_on")),
        "questions": rows(questions.values(title, "text", "answer", "asked_at")),
    }


def engagements_of(contact: Contact) -> list[dict[str, Any]]:
    """Return the engagements whose main contact this is."""
    return rows(Engagement.objects.filter(main_contact=contact).values("title"))


def register_engagement_data() -> None:
    """Tell what engagements hold on people and contacts."""
    register_personal_data(User, "teams", teams_of)
    register_personal_data(User, "handoffs", handoffs_of)
    register_personal_data(Contact, "engagements", engagements_of)
