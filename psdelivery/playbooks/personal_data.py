"""Steps of somebody, for them to have."""

from typing import Any

from django.db.models import Q

from psdelivery.people.models import Contact, User
from psdelivery.people.personal_data import register_personal_data, rows
from psdelivery.playbooks.models import Step

FIELDS = ("title", "checklist__title", "state", "due_at", "done_at")


def steps_of_person(person: User) -> list[dict[str, Any]]:
    """Return the steps that a person owns or has done."""
    return rows(
        Step.objects.filter(Q(assignee=person) | Q(done_by=person)).values(*FIELDS)
    )


def steps_of_contact(contact: Contact) -> list[dict[str, Any]]:
    """Return the steps that wait for somebody at the customer."""
    return rows(Step.objects.filter(contact=contact).values(*FIELDS))


def register_step_data() -> None:
    """Tell which steps are somebody's."""
    register_personal_data(User, "steps", steps_of_person)
    register_personal_data(Contact, "steps", steps_of_contact)
