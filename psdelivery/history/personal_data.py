"""What the history tells of somebody, for them to have; and their name in its words.

Not what they changed and why, which is about the work and may tell money.
"""

from typing import Any

from django.db.models import Q, QuerySet

from psdelivery.history.models import Erasing, Event, EventQuerySet
from psdelivery.history.queries import events_for_subject
from psdelivery.history.verbs import words_for
from psdelivery.people.events import PersonalDataErased
from psdelivery.people.models import Contact, User
from psdelivery.people.personal_data import register_personal_data
from psdelivery.people.prose import leave_prose, replacement_of, rows_that_name
from psdelivery.registry import reactions

# What somebody typed, or was called, when it happened.
WORDS = ("reason", "changes", "subject_label")


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


def erase_words(event: PersonalDataErased) -> None:
    """Replace name and address of who is erased in what was typed as a reason.

    Who, when, what and about which record stays: the triggers hold it.
    """
    replacement = replacement_of(event)
    fields = [one for one in Event._meta.concrete_fields if one.name in WORDS]
    if not replacement.needles:
        return
    # Past the queryset that refuses: here alone, and for words alone.
    rows: QuerySet[Event] = QuerySet(Event)
    named = list(rows_that_name(rows, fields, replacement.needles))
    standing = Erasing.objects.create(at=event.at)
    for row in named:
        if new := replacement.changed(row, fields):
            rows.filter(pk=row.pk).update(**new)
    standing.delete()


def register_history_data() -> None:
    """Tell what the history holds on people and contacts, and listen for who goes."""
    leave_prose(Event)
    reactions.register(PersonalDataErased, erase_words)
    register_personal_data(User, "history_by_them", events_by)
    register_personal_data(User, "history_about_them", events_about)
    register_personal_data(Contact, "history_about_them", events_about)
