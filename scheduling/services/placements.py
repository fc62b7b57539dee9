"""What somebody wants to book, and what stands against it (R-2, R-3, R-6).

Asked inside the transaction that books, with the engagement and the days locked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet, Sum

from engagements.models import Engagement, TeamMember
from engagements.services.team import reasons_against_booking
from psdelivery.people.models import User
from psdelivery.registry import Reason
from scheduling.choices import Hold
from scheduling.events import BookedDays
from scheduling.models import (
    Allocation,
    AllocationDay,
    CapacityDay,
    Offer,
    Partner,
    ResourceRequest,
)
from scheduling.rules.booking import Summary, reasons_against_person, summary_of
from scheduling.rules.capacity import (
    reasons_against_hours_of_days,
    reasons_against_overbooking,
)
from scheduling.services.capacity import Key


@dataclass(frozen=True, kw_only=True)
class Placement:
    """A booking as somebody wants it: who, how firm, hours by day.

    Without a person `unnamed` says what it is, with `partner` a consultant of theirs.
    Without `joins` the person does not come onto the team by it: one of several dates
    that the customer may choose from is nobody's work yet.
    """

    engagement: Engagement | None
    role: str
    hold: str
    days: Mapping[date, Decimal]
    person: User | None = None
    unnamed: str = ""
    partner: Partner | None = None
    request: ResourceRequest | None = None
    offer: Offer | None = None
    expires_at: datetime | None = None
    task: str = ""
    note: str = ""
    joins: bool = True

    def as_booked(self) -> BookedDays:
        return BookedDays(self.person, self.hold, dict(self.days))


@dataclass(frozen=True, kw_only=True)
class Change:
    """Why a booking changes: the reason (customer, paperwork, us, illness), in words.

    `version` is the one that was looked at; another one since is refused.
    """

    reason: str = ""
    cause: str = ""
    version: int | None = None


@dataclass
class Held:
    """The locked rows that one change decides on."""

    before: BookedDays = field(default_factory=BookedDays)
    rows: Mapping[Key, CapacityDay] = field(default_factory=dict)


def reasons_against_placing(
    wanted: Placement, held: Held, stored: Allocation | None, now: datetime
) -> list[Reason]:
    """Return everything that stands against a booking: days, person, gate, capacity."""
    reasons = [
        *reasons_against_hours_of_days(wanted.days),
        *reasons_against_person(wanted.person),
    ]
    return reasons or [
        *reasons_of_gate(wanted, stored, now),
        *reasons_of_capacity(wanted, held),
    ]


def reasons_of_gate(
    wanted: Placement, stored: Allocation | None, now: datetime
) -> list[Reason]:
    """R-2, R-3: ask the gate with the hours that the person would have in the role.

    An offer is exempt from the rule of the stage (R-7); a planning inquiry has no
    engagement whose gate could be asked.
    """
    if wanted.engagement is None or wanted.hold == Hold.OFFER:
        return []
    days = days_of_role(wanted.engagement, wanted.role, wanted.person)
    standing = summary_of(days.values_list("hold", "day", "hours"))
    before = as_member(wanted, standing) if standing.booking else None
    asked = as_member(wanted, summary_with(wanted, stored))
    others = hard_hours_beside(wanted, stored)
    return reasons_against_booking(asked, before, others, now)


def as_member(wanted: Placement, summary: Summary) -> TeamMember:
    """Return what the gate is asked about: the person, or the unnamed, in the role."""
    return TeamMember(
        engagement=wanted.engagement,
        role=wanted.role,
        person=wanted.person,
        booking=summary.booking,
        first_day=summary.first_day,
        hours=summary.hours,
    )


def hard_hours_beside(wanted: Placement, stored: Allocation | None) -> Decimal:
    """R-3: return the hours booked hard, but for those of this person in this role.

    Hours of unnamed resources and of partners count as well; the booking that is
    changed does not, whoever has it.
    """
    rows = Allocation.objects.active().filter(
        engagement=wanted.engagement, hold=Hold.HARD
    )
    others = rows.exclude(role=wanted.role, person=wanted.person)
    if stored is not None:
        others = others.exclude(pk=stored.pk)
    return others.aggregate(total=Sum("hours"))["total"] or Decimal()


def reasons_of_capacity(wanted: Placement, held: Held) -> list[Reason]:
    """R-6: ask the locked days of the person."""
    if wanted.person is None or wanted.hold != Hold.HARD:
        return []
    standing = by_key(held.before) if held.before.hold == Hold.HARD else {}
    rows = held.rows.values()
    return reasons_against_overbooking(rows, by_key(wanted.as_booked()), standing)


def summary_with(wanted: Placement, stored: Allocation | None) -> Summary:
    """Return what the team would say of the person with this booking."""
    others = days_of_role(wanted.engagement, wanted.role, wanted.person)
    if stored is not None:
        others = others.exclude(allocation=stored)
    new = [(wanted.hold, day, hours) for day, hours in wanted.days.items()]
    return summary_of([*others.values_list("hold", "day", "hours"), *new])


def days_of_role(
    engagement: Engagement | None, role: str, person: User | None
) -> QuerySet[AllocationDay]:
    """Return the booked days of somebody in a role of an engagement."""
    return AllocationDay.objects.filter(
        allocation__engagement=engagement, allocation__role=role, person=person
    )


def keys_of(booked: BookedDays) -> set[Key]:
    """Return the days of people that a booking takes; none of an unnamed one."""
    return set(by_key(booked))


def by_key(booked: BookedDays) -> dict[Key, Decimal]:
    """Return the hours by person and day."""
    if booked.person is None:
        return {}
    return {(booked.person.pk, day): hours for day, hours in booked.days.items()}


def booked_now(allocation: Allocation) -> BookedDays:
    """Return the booking as it stands in the tables."""
    days = dict(allocation.days.values_list("day", "hours"))
    return BookedDays(allocation.person, allocation.hold, days)


def placement_of(stored: Allocation, booked: BookedDays) -> Placement:
    """Return a booking as somebody would want it who changes nothing of it."""
    return Placement(
        engagement=stored.engagement,
        role=stored.role,
        hold=booked.hold,
        days=booked.days,
        person=stored.person,
        unnamed=stored.unnamed,
        partner=stored.partner,
        request=stored.request,
        offer=stored.offer,
        expires_at=stored.expires_at,
        task=stored.task,
        note=stored.note,
    )
