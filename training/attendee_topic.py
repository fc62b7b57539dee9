"""Mails to single attendees of a class: who gets them, and who does not any more."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.outbox.rules.templates import Placeholder
from psdelivery.outbox.templates import Addressing, Topic
from psdelivery.people.models import User
from psdelivery.registry import Reason
from training.mails import to_one_alone, writable_deliveries
from training.models import Attendee

ATTENDEE_NAME = {"attendee_name": Placeholder(title=gettext_lazy("Attendee"))}


def attendee_rows() -> QuerySet[Attendee]:
    """Return attendees with all that a mail reads of them."""
    return Attendee.objects.select_related(
        "delivery__course",
        "delivery__trainer",
        "delivery__checklist",
        "delivery__engagement__customer",
        "delivery__engagement__main_contact",
        "delivery__engagement__practice__manager",
        "delivery__engagement__region",
    )


def attendees_within(user: User) -> QuerySet[Attendee]:
    """Return the attendees of the classes about which the person may see mail."""
    return Attendee.objects.filter(delivery__in=writable_deliveries(user))


def to_one_attendee(attendee: Attendee) -> Addressing:
    """To the attendee alone; answers to the coordinator."""
    return to_one_alone(attendee.delivery.engagement, attendee.email)


def reasons_of_who_stays_away(attendee: Attendee) -> list[Reason]:
    """Return the reason against writing to somebody who does not come any more."""
    if attendee.cancelled_at is None:
        return []
    return [Reason("not-coming", _("This attendee does not come any more."))]


ATTENDEE = Topic(
    title=gettext_lazy("an attendee"),
    rows=attendee_rows,
    within=attendees_within,
    matching=lambda words: Q(name__icontains=words) | Q(email__icontains=words),
    engagement_of=lambda attendee: attendee.delivery.engagement,
    thread_of=lambda attendee: f"attendee-{attendee.pk}",
    of_step=lambda step: None,
    is_own_work=lambda user, attendee: attendee.delivery.trainer_id == user.pk,
)
