"""Facts of training that other places read."""

from django.db.models import Count, Q, Sum

from engagements.choices import UnitKind
from engagements.models import Engagement
from engagements.registry import facts
from engagements.rules.changes import UsedUnits
from training.choices import DeliveryState
from training.models import Delivery
from training.rules.roster import (
    TrainingProof,
    reasons_of_not_all_held,
    reasons_of_rosters_out,
)
from training.services.roster import standing


def used_units(engagement: Engagement) -> UsedUnits | None:
    """Return how many classes and seats have dates, and how many were held.

    None for an engagement without training: there the numbers are typed.
    """
    if not engagement.has_training:
        return None
    standing = Delivery.objects.filter(engagement=engagement).exclude(
        state=DeliveryState.CANCELLED
    )
    held = Q(state=DeliveryState.HELD)
    counted = standing.aggregate(
        classes=Count("pk"),
        dated_seats=Sum("seats", default=0),
        held_classes=Count("pk", filter=held),
        held_seats=Sum("seats", filter=held, default=0),
    )
    return UsedUnits(
        dated={
            UnitKind.CLASS: counted["classes"],
            UnitKind.SEAT: counted["dated_seats"],
        },
        held={
            UnitKind.CLASS: counted["held_classes"],
            UnitKind.SEAT: counted["held_seats"],
        },
    )


def training_proof(engagement: Engagement) -> TrainingProof | None:
    """R-17: return what lacks before training revenue is released.

    None for an engagement without training: there nothing of it is asked.
    """
    if not engagement.has_training:
        return None
    classes = list(standing(engagement))
    return TrainingProof(
        classes=len(classes),
        missing=(*reasons_of_not_all_held(classes), *reasons_of_rosters_out(classes)),
    )


def register_facts() -> None:
    """Let others read what became of sold classes, and whether rosters are in."""
    facts.register(UsedUnits, used_units)
    facts.register(TrainingProof, training_proof)
