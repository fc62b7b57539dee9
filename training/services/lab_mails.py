"""R-12: the access by mail to attendees, only with an imported roster."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, QuerySet
from django.utils.translation import gettext as _

from psdelivery.outbox.choices import State
from psdelivery.outbox.letters import letter_for
from psdelivery.outbox.models import Message
from psdelivery.outbox.services.drafting import prepare_draft
from psdelivery.outbox.templates import mail_kind
from psdelivery.people.models import User
from psdelivery.registry import Reason, refuse
from training.choices import AttendeeSource
from training.lab_mails import LAB_ACCESS_ATTENDEES
from training.models import Attendee, Delivery
from training.services.sessions import lock

# Whoever has a mail in one of these states was told, or will be.
TOLD = [
    State.READY,
    State.SENDING,
    State.SENT,
    State.KEPT,
    State.NEEDS_LOOK,
    State.ELSEWHERE,
]


def attendees_to_tell(delivery: Delivery) -> QuerySet[Attendee]:
    """Return who is on the imported roster, comes, and has an address."""
    imported = delivery.attendees.exclude(source=AttendeeSource.HAND)
    coming = delivery.attendees.filter(Exists(imported), cancelled_at=None)
    return coming.exclude(email="")


@transaction.atomic
def prepare_access_mails(
    delivery: Delivery, *, by: User, now: datetime
) -> list[Message]:
    """R-12: draft one mail for each attendee, to be checked and sent one by one.

    Who was told of this very code is left out, so that pressing twice tells nobody
    twice. Raises RuleRefused without an imported roster, and for a code that is dead
    or dies before the last session.
    """
    delivery = lock(delivery)
    attendees = attendees_to_tell(delivery)
    if not attendees:
        sentence = _("Import a report with addresses first: nobody can be written to.")
        refuse([Reason("no-roster", sentence, delivery.get_absolute_url())])
    return [
        prepare_draft(LAB_ACCESS_ATTENDEES, attendee, by=by, now=now)
        for attendee in not_told(attendees)
    ]


def not_told(attendees: Iterable[Attendee]) -> list[Attendee]:
    """Return the attendees without a mail about the code as it is now."""
    by_key = {str(attendee.pk): attendee for attendee in attendees}
    told = Message.objects.filter(
        kind=LAB_ACCESS_ATTENDEES, source__pk__in=list(by_key), state__in=TOLD
    ).only("source")
    marks = {(m.source["pk"], m.source["marks"].get("lab_code")) for m in told}
    return [
        attendee
        for key, attendee in by_key.items()
        if (key, mark_of_code(attendee)) not in marks
    ]


def mark_of_code(attendee: Attendee) -> str:
    """Return the mark by which a mail about the present code is known again."""
    kind = mail_kind(LAB_ACCESS_ATTENDEES)
    if kind is None:
        return ""
    record = kind.topic.rows().get(pk=attendee.pk)
    return letter_for(kind, record).marks.get("lab_code", "")
