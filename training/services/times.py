"""Classes take the time of trainer, alternative host and host account (R-22)."""

from datetime import datetime

from scheduling.rules.times import Slot
from scheduling.services.times import Source, Takers, free, occupy
from training.choices import DeliveryState, Place
from training.models import Delivery, Session

CLASS = "class"


def take_times(delivery: Delivery, *, now: datetime) -> None:
    """R-22: let the class take its times; raises RuleRefused where one is taken.

    Inside the caller's transaction, after each change of sessions, trainer or host.
    A class that was called off takes none.
    """
    source = source_of(delivery)
    if delivery.state == DeliveryState.CANCELLED:
        free(source, now=now)
        return
    sessions = Session.objects.filter(delivery=delivery).order_by("starts_at")
    slots = [Slot(one.starts_at, one.ends_at) for one in sessions]
    occupy(source, slots, takers_of(delivery), now=now)


def source_of(delivery: Delivery) -> Source:
    """Return the class as what takes the time."""
    first = delivery.sessions.order_by("starts_at").first()
    return Source(
        kind=CLASS,
        key=str(delivery.pk),
        title=delivery.title,
        zone=first.zone if first else delivery.engagement.customer.zone,
        url=delivery.get_absolute_url(),
        engagement=delivery.engagement,
    )


def takers_of(delivery: Delivery) -> Takers:
    """Return who is there, and the account; on site there is a way to go.

    The alternative host has to be able to open the meeting, so is taken too.
    """
    people = [delivery.trainer, delivery.alternative_host]
    return Takers(
        people=list(dict.fromkeys(one for one in people if one is not None)),
        host=delivery.host,
        is_on_site=delivery.place == Place.ON_SITE,
    )
