"""What the history tells of somebody, for them to have.

Not what they changed and why, which is about the work and may tell money.
"""

from typing import Any

from django.db.models import Q

from psdelivery.history.models import Event, EventQuerySet
from psdelivery.history.queries import events_for_subject
from psdelivery.history.verbs import words_for
from psdelivery.people.models import Contact, User
from psdelivery.people.personal_data import register_personal_data


def events_by(person: User) -> list[dict[str, Any]]:
    """Return what a person did, or somebody else for them."""
    acting = Q(actor=person) | Q(on_behalf_of=person)
    return _told(Event.objects.filter(acting))


def events_about(subject: User | Contact) -> list[dict[str, Any]]:
    """Return what others did about somebody, with reasons."""
    found = events_for_subject(subject).order_by("at", "pk")
    return [
        {"at": event.at, "what": words_for(event.verb), "reason": event.reason}
        for event in found
    ]


def _told(events: EventQuerySet) -> list[dict[str, Any]]:
    found = events.order_by("at", "pk").values_list("at", "verb", "subject_label")
    return [
        {"at": at, "what": words_for(verb), "subject": label}
        for at, verb, label in found
    ]


def register_history_data() -> None:
    """Tell what the history holds on people and contacts."""
    register_personal_data(User, "history_by_them", events_by)
    register_personal_data(User, "history_about_them", events_about)
    register_personal_data(Contact, "history_about_them", events_about)
