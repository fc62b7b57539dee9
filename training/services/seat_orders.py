"""Seats above those sold: asked of the customer, ordered, or not wanted."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from psdelivery.history.services import Changes
from psdelivery.outbox.models import Message
from psdelivery.outbox.services.drafting import prepare_draft
from psdelivery.people.models import User
from psdelivery.registry import Reason, RuleRefused, refuse
from training.choices import SeatOrderState
from training.models import Delivery, SeatOrder
from training.roster_mail import EXTRA_SEATS
from training.rules.roster import reasons_against_roster
from training.rules.seats import reasons_against_deciding, reasons_against_seats
from training.services.checklists import record_delivery
from training.services.sessions import lock


@transaction.atomic
def ask_for_seats(
    delivery: Delivery, seats: int, *, by: User, now: datetime
) -> tuple[SeatOrder, Message]:
    """Prepare the mail that asks the customer to order more seats.

    It leaves by a person's click. Raises RuleRefused while an order is open, for a
    class called off, and for more seats than a class can have.
    """
    delivery = lock(delivery)
    refuse(reasons_against_roster(delivery))
    refuse(reasons_against_seats(delivery.seats + seats))
    order = SeatOrder(delivery=delivery, seats=seats, asked_at=now, asked_by=by)
    try:
        with transaction.atomic():
            order.save()
    except IntegrityError as error:
        sentence = _("An order of extra seats is open already.")
        raise RuleRefused([Reason("seats", sentence)]) from error
    changes = {"seats": [None, seats]}
    record_delivery("seats-asked", delivery, changes, by=by, now=now)
    return order, prepare_draft(EXTRA_SEATS, delivery, by=by, now=now)


@transaction.atomic
def decide_order(
    order: SeatOrder, *, is_ordered: bool, reference: str = "", by: User, now: datetime
) -> SeatOrder:
    """Note what the customer said; seats that were ordered are seats of the class.

    Raises RuleRefused for one that is decided, and an order without its reference.
    """
    delivery = lock(order.delivery)
    order = SeatOrder.objects.get(pk=order.pk)
    order.delivery = delivery
    refuse(reasons_against_deciding(order, is_ordered=is_ordered, reference=reference))
    chosen = SeatOrderState.ORDERED if is_ordered else SeatOrderState.DECLINED
    order.state, order.reference = chosen, reference.strip()
    order.decided_at, order.decided_by = now, by
    order.save()
    if not is_ordered:
        record_delivery("seats-declined", delivery, {}, by=by, now=now)
        return order
    old, delivery.seats = delivery.seats, delivery.seats + order.seats
    delivery.save(update_fields=["seats"])
    changed: Changes = {
        "seats": [old, delivery.seats],
        "reference": ["", order.reference],
    }
    record_delivery("seats-ordered", delivery, changed, by=by, now=now)
    return order
