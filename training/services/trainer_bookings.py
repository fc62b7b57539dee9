"""The trainer's days of a class, booked in the schedule and following the class.

The schedule decides (R-2, R-3, R-6): what it refuses, the class refuses. A class that
nobody booked days for goes on without.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.services.gate import lock_engagement
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.people.register import portal_settings
from psdelivery.people.services.changes import one_transaction
from psdelivery.registry import Reason, RuleRefused, refuse
from scheduling.choices import AllocationState, ReleaseCause
from scheduling.models import Allocation
from scheduling.rules.capacity import OVERBOOKED
from scheduling.services.bookings import Change, Placement, change, place, release
from scheduling.services.placements import booked_now, placement_of
from training.choices import DeliveryState, Place
from training.models import Delivery, Session, TrainerBooking
from training.rules.classes import reasons_against_changing
from training.rules.times import SessionTimes
from training.rules.trainer_days import Hours, hours_by_day, travel_hours

TRAVEL_HOURS = "training.travel_hours"
NOTE_LENGTH = 300


@dataclass(frozen=True, kw_only=True)
class Following:
    """Who lets the booking follow the class, and why; `cause` as the move has it."""

    by: User | None
    now: datetime
    reason: str = ""
    cause: str = ""

    @property
    def change(self) -> Change:
        known = self.cause if self.cause in ReleaseCause.values else ""
        return Change(reason=self.reason or _("The class has changed."), cause=known)


@dataclass(frozen=True, kw_only=True)
class Part:
    """The teaching, or the travel, of a class: how firm, and which days it takes."""

    days: Hours
    hold: str
    is_travel: bool = False


def teaching_days(delivery: Delivery) -> dict[date, Decimal]:
    """Return the hours that the class takes of its trainer, by the trainer's days.

    None where nobody teaches, and of a class that was called off.
    """
    return teaching_hours(delivery, Session.objects.filter(delivery=delivery))


def teaching_hours(
    delivery: Delivery, sessions: Iterable[Session]
) -> dict[date, Decimal]:
    """Return the same of sessions that were read already."""
    if delivery.trainer is None or delivery.state == DeliveryState.CANCELLED:
        return {}
    times = [SessionTimes(one.starts_at, one.ends_at, one.zone) for one in sessions]
    return hours_by_day(times, delivery.trainer.zone)


def travel_days(delivery: Delivery, teaching: Hours) -> dict[date, Decimal]:
    """Return the days of travel of a class on site, none of a remote one."""
    if delivery.place != Place.ON_SITE:
        return {}
    return travel_hours(teaching, Decimal(portal_settings()[TRAVEL_HOURS]))


def standing(delivery: Delivery) -> list[TrainerBooking]:
    """Return the bookings of the class that stand (one query)."""
    rows = delivery.trainer_bookings.filter(allocation__state=AllocationState.ACTIVE)
    needs = ("allocation__person", "allocation__engagement__customer")
    return list(rows.select_related(*needs).order_by("pk"))


def book_trainer(
    delivery: Delivery,
    hold: str,
    *,
    travels: bool = True,
    by: User | None,
    reason: str = "",
    now: datetime,
) -> list[TrainerBooking]:
    """Book the class's trainer for its days to come, or otherwise than so far.

    `travels`: on site the days of travel too. Raises RuleRefused without a trainer,
    and where gate (R-2, R-3) or capacity (R-6) stand against it.
    """
    with one_transaction(), with_ways_out(delivery):
        lock_engagement(delivery.engagement)
        refuse(reasons_against_booking_trainer(delivery))
        following = Following(by=by, now=now, reason=reason)
        teaching = teaching_days(delivery)
        travel = travel_days(delivery, teaching) if travels else {}
        put(delivery, Part(days=teaching, hold=hold), following)
        put(delivery, Part(days=travel, hold=hold, is_travel=True), following)
        return standing(delivery)


def reasons_against_booking_trainer(delivery: Delivery) -> list[Reason]:
    """Return what stands against booking: nobody teaches, or the class is over."""
    if delivery.trainer is not None:
        return reasons_against_changing(delivery)
    url = reverse("training:delivery-trainer", args=[delivery.pk])
    sentence = _("Nobody is named as the trainer of this class.")
    return [Reason("no-trainer", sentence, url, _("Name the trainer"))]


def follow_class(
    delivery: Delivery, following: Following, *, adds_travel: bool = False
) -> None:
    """Let what is booked for the class have its days and its trainer of now.

    Inside the caller's transaction, whose engagement is locked. Nothing happens to a
    class that nobody booked days for. Raises RuleRefused as `book_trainer` does.
    With `adds_travel` the class has come to be on site.
    """
    rows = standing(delivery)
    if not rows:
        return
    teaching = teaching_days(delivery)
    travel = travel_days(delivery, teaching)
    parts = [Part(days=teaching, hold=rows[0].allocation.hold)]
    if adds_travel or any(row.is_travel for row in rows):
        hold = next((r.allocation.hold for r in rows if r.is_travel), parts[0].hold)
        parts.append(Part(days=travel, hold=hold, is_travel=True))
    with with_ways_out(delivery):
        for part in parts:
            put(delivery, part, following)


def release_trainer(delivery: Delivery, following: Following) -> None:
    """Free the days to come that are booked for the class."""
    with one_transaction():
        today = today_of(delivery, following.now)
        for row in standing(delivery):
            free(row.allocation, today, following)


def put(delivery: Delivery, part: Part, following: Following) -> None:
    """Let this part of the class's booking be exactly these days to come.

    What lies before today was worked, and stays with whoever worked it.
    """
    today = today_of(delivery, following.now)
    rows = [one for one in standing(delivery) if one.is_travel == part.is_travel]
    rows = [one for one in rows if one.allocation.ends_on >= today]
    coming = {day: hours for day, hours in part.days.items() if day >= today}
    main = main_of(rows, delivery.trainer) if coming else None
    for row in rows:
        if row != main:
            free(row.allocation, today, following)
    if main is not None:
        rewrite(main, delivery, replace(part, days=coming), today, following)
    elif coming:
        place_new(delivery, replace(part, days=coming), following)


def main_of(rows: list[TrainerBooking], trainer: User | None) -> TrainerBooking | None:
    """Return the booking that goes on: the trainer's own, else the first."""
    own = [row for row in rows if row.allocation.person == trainer]
    return next(iter([*own, *rows]), None)


def rewrite(
    row: TrainerBooking,
    delivery: Delivery,
    part: Part,
    today: date,
    following: Following,
) -> None:
    """Give a standing booking its days to come, its trainer and its hold of now."""
    stored = row.allocation
    booked = booked_now(stored)
    worked = {day: hours for day, hours in booked.days.items() if day < today}
    if stored.person != delivery.trainer and worked:
        free(stored, today, following)
        place_new(delivery, part, following)
        return
    days = {**worked, **part.days}
    is_same = (stored.person, stored.hold) == (delivery.trainer, part.hold)
    if is_same and booked.days == days:
        return
    wanted = replace(
        placement_of(stored, booked),
        person=delivery.trainer,
        unnamed="",
        partner=None,
        hold=part.hold,
        days=days,
    )
    change(stored, wanted, following.change, by=following.by, now=following.now)


def place_new(delivery: Delivery, part: Part, following: Following) -> TrainerBooking:
    """Book days of the trainer, and keep for which class they are."""
    allocation = place(
        placement_for(delivery, part),
        by=following.by,
        reason=following.reason,
        now=following.now,
    )
    return keep(delivery, allocation, is_travel=part.is_travel)


def placement_for(delivery: Delivery, part: Part) -> Placement:
    """Return what is asked of the schedule."""
    words = _("Travel to %(class)s") if part.is_travel else "%(class)s"
    return Placement(
        engagement=delivery.engagement,
        role=EngagementRole.TRAINER,
        hold=part.hold,
        days=part.days,
        person=delivery.trainer,
        note=(words % {"class": delivery.title})[:NOTE_LENGTH],
    )


def keep(
    delivery: Delivery, allocation: Allocation, *, is_travel: bool = False
) -> TrainerBooking:
    """Note that a booking is for this class."""
    return TrainerBooking.objects.create(
        delivery=delivery, allocation=allocation, is_travel=is_travel
    )


def free(allocation: Allocation, today: date, following: Following) -> None:
    """Free the days of a booking from today on; what was worked stays."""
    release(
        allocation,
        following.change,
        from_day=today,
        by=following.by,
        now=following.now,
    )


def today_of(delivery: Delivery, now: datetime) -> date:
    """Return the day on which the trainer is, else the customer."""
    trainer = delivery.trainer
    zone = trainer.zone if trainer else delivery.engagement.customer.zone
    return local_day(now, zone)


@contextmanager
def with_ways_out(delivery: Delivery) -> Iterator[None]:
    """R-6: let a refusal for full days lead to the page with the ways out."""
    try:
        yield
    except RuleRefused as refused:
        if delivery.pk is None:
            raise
        url = reverse("training:delivery-booking", args=[delivery.pk])
        raise RuleRefused(
            [led_to(reason, url) for reason in refused.reasons]
        ) from refused


def led_to(reason: Reason, url: str) -> Reason:
    """Return the reason with the way to the page, where it is about full days."""
    if reason.code != OVERBOOKED or reason.fix_url:
        return reason
    return replace(reason, fix_url=url, fix_label=_("Ways out"))
