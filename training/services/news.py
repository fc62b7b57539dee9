"""Mails with new dates, or that a class is off, drafted for who was told before.

A person reads and sends them; nobody who never heard of the class hears that it moved.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.models import Message, MessageQuerySet
from psdelivery.outbox.services.drafting import is_edited, prepare_draft
from psdelivery.people.models import User
from psdelivery.playbooks.models import Move
from psdelivery.registry import Reason, RuleRefused, refuse
from training.choices import DeliveryState
from training.models import Attendee, Delivery
from training.services.invitations import guests_in, standing_of
from training.services.lab_mails import attendees_to_tell
from training.services.sessions import lock

MOVED, CANCELLED = "class-moved", "class-cancelled"
MOVED_ATTENDEES = "class-moved-attendees"
LEFT = (State.READY, State.SENDING, State.SENT, State.KEPT, State.ELSEWHERE)


def mails_of(delivery: Delivery) -> MessageQuerySet:
    """Return the mails to the customer about a class."""
    return Message.objects.filter(
        engagement=delivery.engagement_id,
        thread_key=delivery.customer_thread,
        audience=Audience.CUSTOMER,
    )


def knows_dates(delivery: Delivery) -> bool:
    """Tell whether the main contact was told when the class is."""
    is_confirmed = delivery.state in {DeliveryState.CONFIRMED, DeliveryState.HELD}
    if is_confirmed or mails_of(delivery).filter(state__in=LEFT).exists():
        return True
    return bool(guests_in(standing_of(delivery).values()))


def draft_news(
    delivery: Delivery, kind: str, *, by: User | None, now: datetime
) -> Message | None:
    """Draft the mail to the main contact; None where its text was never loaded."""
    if by is None:
        return None
    try:
        with transaction.atomic():
            return prepare_draft(kind, delivery, by=by, now=now)
    except RuleRefused:
        return None


def withdraw_news(delivery: Delivery, since: datetime) -> None:
    """R-20: cancel what was drafted about a move that was undone, unless edited."""
    drafts = mails_of(delivery).filter(
        kind=MOVED, state__in=[State.DRAFT, State.STALE], created_at__gte=since
    )
    keys = [draft.pk for draft in drafts if not is_edited(draft)]
    Message.objects.filter(pk__in=keys).update(state=State.CANCELLED)


def drafts_about(delivery: Delivery) -> MessageQuerySet:
    """Return the drafts that tell new dates, or that the class is off."""
    waiting = [State.DRAFT, State.STALE]
    return mails_of(delivery).filter(kind__in=[MOVED, CANCELLED], state__in=waiting)


def attendees_of_old_dates(delivery: Delivery) -> list[Attendee]:
    """Return who is on the roster with an address and knows other dates (R-20).

    Nobody where the class never moved; each drops out by a mail with these dates.
    One query.
    """
    if delivery.state == DeliveryState.CANCELLED:
        return []
    moves = moves_that_stand(delivery)
    told = mails_to_attendee(delivery).filter(
        created_at__gte=Subquery(moves.order_by("-at").values("at")[:1])
    )
    people = attendees_to_tell(delivery).filter(Exists(moves))
    return list(people.exclude(Exists(told)))


def moves_that_stand(delivery: Delivery) -> QuerySet[Move]:
    """Return the moves of the class that no undo has taken back."""
    return Move.objects.filter(
        checklist=delivery.checklist_id, undone_at__isnull=True, undo_of__isnull=True
    )


def mails_to_attendee(delivery: Delivery) -> MessageQuerySet:
    """Return the mails with new dates to the attendee of the row outside."""
    mails = Message.objects.filter(
        engagement=delivery.engagement_id, kind=MOVED_ATTENDEES
    )
    named = mails.annotate(attendee=KeyTextTransform("pk", "source"))
    mine = named.filter(attendee=Cast(OuterRef("pk"), TextField()))
    return mine.exclude(state=State.CANCELLED)


@transaction.atomic
def draft_news_of_attendees(
    delivery: Delivery, *, by: User, now: datetime
) -> list[Message]:
    """R-20: draft the new dates for each attendee, to be read and sent by a person.

    Whoever has a mail about these dates is left out: pressing twice writes nothing
    twice. Raises RuleRefused where nobody is to be told.
    """
    # Two clicks wait for each other here.
    lock(delivery)
    attendees = attendees_of_old_dates(delivery)
    if not attendees:
        sentence = _("Nobody on the roster has to be told of new dates.")
        refuse([Reason("nobody", sentence, delivery.get_absolute_url())])
    return [
        prepare_draft(MOVED_ATTENDEES, attendee, by=by, now=now)
        for attendee in attendees
    ]
