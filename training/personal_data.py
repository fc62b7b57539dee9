"""What classes hold on somebody: who teaches them, and who was an attendee."""

from typing import Any

from psdelivery.people.events import PersonalDataErased
from psdelivery.people.models import Contact, User
from psdelivery.people.personal_data import register_personal_data, rows
from psdelivery.playbooks.models import Checklist
from psdelivery.registry import reactions
from training.models import Delivery, Submission


def classes_of(person: User) -> list[dict[str, Any]]:
    """Return the classes that a person teaches."""
    return rows(Delivery.objects.filter(trainer=person).values("title", "state"))


def submissions_of(contact: Contact) -> list[dict[str, Any]]:
    """Return what the contact handed in as an attendee, found by the address."""
    if not contact.email:
        return []
    found = Submission.objects.filter(attendee_email__iexact=contact.email)
    fields = ("attendee_name", "attendee_email", "submitted_at", "result", "score")
    return rows(found.values("delivery__title", *fields, "released_at"))


def erase_attendee(event: PersonalDataErased) -> None:
    """Replace the attendee who had this address; results keep standing for somebody."""
    if not event.old_address:
        return
    handed_in = Submission.objects.filter(attendee_email__iexact=event.old_address)
    for submission in handed_in.select_related("delivery"):
        title = f"{event.subject} · {submission.delivery.title}"[:200]
        Checklist.objects.filter(pk__in=[submission.checklist_id]).update(title=title)
    handed_in.update(
        attendee_name=str(event.subject),
        attendee_email=event.address,
        response_url="",
        response_key="",
    )


def register_class_data() -> None:
    """Tell what classes hold on people, and listen for who is erased."""
    register_personal_data(User, "classes", classes_of)
    register_personal_data(Contact, "submissions", submissions_of)
    reactions.register(PersonalDataErased, erase_attendee)
