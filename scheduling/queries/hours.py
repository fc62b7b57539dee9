"""Reads of actual hours: what was planned, what stands in a week, what may be added."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, Sum

from engagements.choices import ENDED_STATUSES, Kind, Status
from engagements.models import Engagement, TeamMember
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from scheduling.capacity_facts import Span, capacities
from scheduling.choices import Hold, HoursState
from scheduling.models import AllocationDay, HoursEntry, HoursPart, HoursWeek
from scheduling.rules.hours import WEEK, Plan, PlannedDay, Work, days_of_week

# Hours that count: they wait for approval, or are approved.
COUNTED = frozenset({HoursState.SUBMITTED, HoursState.APPROVED})
PART_NEEDS = ("week__person", "engagement__customer", "approver", "pool", "decided_by")


def days_of(week: HoursWeek) -> list[date]:
    """Return the days of a week of a person; one query."""
    before = HoursWeek.objects.filter(
        person=week.person_id,
        ends_on__lt=week.ends_on,
        ends_on__gt=week.ends_on - WEEK,
    )
    newest = before.order_by("-ends_on").values_list("ends_on", flat=True).first()
    return days_of_week(week.ends_on, newest)


def plan_of(person: User, days: Sequence[date]) -> Plan:
    """Return what a person is booked for on these days; two queries."""
    return plans_of([person], Span(days[0], days[-1]))[person.pk]


def plans_of(people: Iterable[User], span: Span) -> dict[int, Plan]:
    """Return what each of these people is booked for; two queries for all."""
    asked = list(people)
    booked: dict[int, dict[int, dict[date, PlannedDay]]] = {one.pk: {} for one in asked}
    for person, engagement, day, hold, hours in booked_days(booked, span):
        days = booked[person].setdefault(engagement, {})
        known = days.get(day, PlannedDay())
        days[day] = (
            PlannedDay(known.hard + hours, known.soft)
            if hold == Hold.HARD
            else PlannedDay(known.hard, known.soft + hours)
        )
    known_days = capacities(asked, span)
    return {
        one.pk: Plan(
            booked[one.pk],
            {day: str(found.off) for day, found in known_days[one.pk].items()},
        )
        for one in asked
    }


def booked_days(people: Iterable[int], span: Span) -> QuerySet[AllocationDay, Any]:
    """Return rows: person, engagement, day, hold and hours of what is booked."""
    rows = AllocationDay.objects.filter(
        person__in=list(people),
        day__range=(span.first, span.last),
        hold__in=[Hold.HARD, Hold.SOFT],
        allocation__engagement__isnull=False,
    )
    names = ("person", "allocation__engagement", "day", "hold")
    return rows.order_by().values_list(*names).annotate(total=Sum("hours"))


def parts_of(week: HoursWeek) -> list[HoursPart]:
    """Return the parts of a week with their entries, customer work first."""
    rows = HoursPart.objects.filter(week=week).select_related(*PART_NEEDS)
    found = rows.select_related("engagement__practice__manager", "engagement__region")
    return sorted(found.prefetch_related(entries_in_order()), key=in_row_order)


def entries_in_order() -> "Prefetch[str]":
    """Fetch the entries of parts, each with who made it."""
    rows = HoursEntry.objects.select_related("by").order_by("day", "pk")
    return Prefetch("entries", queryset=rows)


def in_row_order(part: HoursPart) -> tuple[bool, str, int]:
    """Order parts as a week shows them."""
    return order_of(part.engagement)


def order_of(engagement: Engagement) -> tuple[bool, str, int]:
    """Order engagements as a week shows them: customer work by name, internal last."""
    is_internal = engagement.kind == Kind.INTERNAL
    return is_internal, str(engagement).casefold(), engagement.pk


def hours_by_day(entries: Iterable[HoursEntry]) -> dict[date, Any]:
    """Return the sum of each day, counter-entries included."""
    found: dict[date, Any] = {}
    for entry in entries:
        found[entry.day] = found.get(entry.day, 0) + entry.hours
    return found


def engagements_by_key(keys: Iterable[int]) -> dict[int, Engagement]:
    """Return engagements with what their hours ask for; one query."""
    rows = Engagement.objects.select_related(
        "customer", "practice__manager", "region", "checklist", "paper"
    )
    return rows.in_bulk(list(keys))


def work_of(engagement: Engagement) -> Work:
    """Return what the rules of hours ask of an engagement."""
    has_ended = engagement.status in ENDED_STATUSES
    zone = engagement.customer.zone
    return Work(
        pk=engagement.pk,
        name=str(engagement),
        status=engagement.status,
        ended_on=local_day(engagement.status_since, zone) if has_ended else None,
    )


def may_be_added(person: User, first: date) -> QuerySet[Engagement]:
    """Return what a person may tell hours of without a booking in the week.

    What they are on the team of, and the internal engagements; not what had ended
    before the week began, nor what is cancelled.
    """
    own = TeamMember.objects.filter(person=person).order_by().values("engagement")
    internal = Q(kind=Kind.INTERNAL, status=Status.ACTIVE)
    rows = Engagement.objects.filter(Q(pk__in=own) | internal)
    over = Q(status__in=ENDED_STATUSES, status_since__date__lt=first)
    found = rows.exclude(over).exclude(status=Status.CANCELLED)
    return found.select_related("customer").order_by("customer__name", "title", "pk")


def own_weeks(person: User) -> QuerySet[HoursWeek]:
    """Return the weeks of a person with their parts, the newest first."""
    parts = HoursPart.objects.select_related("engagement__customer").order_by("pk")
    rows = HoursWeek.objects.filter(person=person).order_by("-ends_on")
    return rows.prefetch_related(Prefetch("parts", queryset=parts))


def drafts_or_plan(
    parts: Mapping[int, HoursPart], plan: Plan
) -> dict[int, dict[date, Any]]:
    """Return the hours of a week by engagement: as they were told, else as planned."""
    told = {pk: hours_by_day(part.entries.all()) for pk, part in parts.items()}
    planned = {pk: plan.hours_of(pk) for pk in plan.engagements if pk not in told}
    return {**told, **planned}


def worked_on(engagements: Iterable[int]) -> dict[int, Decimal]:
    """Return what was worked on engagements, waiting or approved; one query."""
    rows = HoursPart.objects.filter(engagement__in=list(engagements), state__in=COUNTED)
    sums = rows.order_by().values_list("engagement").annotate(total=Sum("hours"))
    return dict(sums)
