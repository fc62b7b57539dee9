"""The roster as a whole: registrations counted, complete, and with finance."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from engagements.models import Engagement
from psdelivery.documents.models import Document
from psdelivery.documents.services import add_file
from psdelivery.people.models import User
from psdelivery.people.moments import day_text, local_day
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.registry import refuse
from training.choices import DeliveryState, StepKey
from training.exports import roster_csv, roster_file_name
from training.models import Delivery, RegistrationCount
from training.roster_queries import counts_of, roster_state
from training.rules.roster import (
    is_counted,
    reasons_against_complete,
    reasons_against_count,
    reasons_against_roster,
)
from training.services.checklists import record_delivery
from training.services.sessions import lock
from training.services.ticking import tick_open

COUNTING = (StepKey.REGISTERED_ONE_WEEK, StepKey.REGISTERED_TWO_DAYS)


def zone_of(delivery: Delivery) -> str:
    """Return the calendar of a class: that of its sessions."""
    if delivery.checklist is not None:
        return str(delivery.checklist.zone)
    first = delivery.sessions.first()
    return first.zone if first else delivery.engagement.customer.zone


@transaction.atomic
def count_registered(
    delivery: Delivery,
    registered: int,
    *,
    counted_on: date | None = None,
    by: User,
    now: datetime,
) -> RegistrationCount:
    """Note how many have registered so far (domain.md, section 5, 6).

    The step that asks for the look is ticked. Raises RuleRefused for a day to come,
    and for a class called off.
    """
    delivery = lock(delivery)
    refuse(reasons_against_roster(delivery))
    today = local_day(now, zone_of(delivery))
    day = counted_on or today
    refuse(reasons_against_count(day, today))
    count = RegistrationCount.objects.create(
        delivery=delivery, counted_on=day, registered=registered, by=by, at=now
    )
    changes = {"registered": [None, registered]}
    record_delivery("registrations-counted", delivery, changes, by=by, now=now)
    tick_counted(delivery, count, by=by, now=now)
    return count


def tick_counted(
    delivery: Delivery, count: RegistrationCount, *, by: User, now: datetime
) -> None:
    """Tick the looks at one week and two days that a count settles."""
    waiting = Step.objects.open().filter(
        checklist=delivery.checklist_id, key__in=COUNTING
    )
    keys = [step.key for step in waiting if is_counted(step, count.counted_on)]
    note = _("%(n)s of %(seats)s seats registered on %(day)s.") % {
        "n": count.registered,
        "seats": delivery.seats,
        "day": day_text(count.counted_on),
    }
    for key in keys:
        tick_open(delivery.checklist_id, key, Completion(note=note), by=by, now=now)


def follow_roster(delivery: Delivery, *, by: User | None, now: datetime) -> None:
    """Tick the step of the roster once it is complete: it is known who came to all."""
    if not reasons_against_complete(roster_state(delivery)):
        tick_roster(delivery, None, by=by, now=now)


def tick_roster(
    delivery: Delivery, document: Document | None, *, by: User | None, now: datetime
) -> None:
    """Tick the step of the roster with its numbers, and the file where there is one."""
    counts = counts_of(delivery)
    words = _("%(registered)s registered, %(came)s came, %(no_shows)s did not.")
    note = words % {
        "registered": counts.registered,
        "came": counts.came,
        "no_shows": counts.no_shows,
    }
    completion = Completion(evidence=document, note=note)
    tick_open(delivery.checklist_id, StepKey.ROSTER, completion, by=by, now=now)


@dataclass(frozen=True)
class HandIn:
    """What came of handing a roster in: the file, and whether all are in now."""

    document: Document
    is_last: bool


@transaction.atomic
def hand_in_roster(delivery: Delivery, *, by: User, now: datetime) -> HandIn:
    """Hand the roster of a class to finance as a file of the engagement.

    The last one ticks the step of the engagement. Handed in again, a newer file stands
    beside the older. Raises RuleRefused while the roster is not complete.
    """
    delivery = lock(delivery)
    refuse(reasons_against_complete(roster_state(delivery)))
    zone = zone_of(delivery)
    document = add_file(
        ContentFile(
            roster_csv(delivery, zone=zone).encode(),
            name=roster_file_name(delivery, "csv"),
        ),
        title=_("Roster · %(class)s") % {"class": delivery.title},
        engagement=delivery.engagement,
        by=by,
        now=now,
    )
    delivery.roster_in_at, delivery.roster_in_by = now, by
    delivery.save(update_fields=["roster_in_at", "roster_in_by"])
    record_delivery("roster-handed-in", delivery, {}, by=by, now=now)
    tick_roster(delivery, document, by=by, now=now)
    return HandIn(document, follow_rosters(delivery, document, by=by, now=now))


def follow_rosters(
    delivery: Delivery, document: Document, *, by: User, now: datetime
) -> bool:
    """Tick the step of the engagement once each class has its roster in; tell so."""
    engagement = delivery.engagement
    if standing(engagement).filter(roster_in_at__isnull=True).exists():
        return False
    note = _("The rosters of all classes are in.")
    tick_open(
        engagement.checklist_id,
        StepKey.ROSTER_IN,
        Completion(evidence=document, note=note),
        by=by,
        now=now,
    )
    return True


def standing(engagement: Engagement) -> QuerySet[Delivery]:
    """Return the classes of an engagement that were not called off."""
    classes = Delivery.objects.filter(engagement=engagement)
    return classes.exclude(state=DeliveryState.CANCELLED).order_by("pk")


def note_rosters_in(engagement: Engagement, *, by: User | None, now: datetime) -> None:
    """Count rosters as in that were handed over elsewhere: the step was ticked by hand.

    Its evidence is theirs. A class that is still to be held has no roster yet.
    """
    out = standing(engagement).filter(
        state=DeliveryState.HELD, roster_in_at__isnull=True
    )
    for delivery in out.select_related("engagement"):
        delivery.roster_in_at, delivery.roster_in_by = now, by
        delivery.save(update_fields=["roster_in_at", "roster_in_by"])
        record_delivery("roster-handed-in", delivery, {}, by=by, now=now)
