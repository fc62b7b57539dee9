"""What others read of actual hours: planned and worked, week by week."""

from datetime import date
from decimal import Decimal

from django.db.models import F, Q, Sum

from engagements.models import Engagement
from engagements.registry import facts
from engagements.rules.hours import WeekOfHours, WorkedHours
from psdelivery.people.register import portal_settings
from scheduling.choices import Hold, HoursState
from scheduling.hours_settings import hours_settings
from scheduling.models import AllocationDay, HoursImport, HoursPart
from scheduling.queries.hours import COUNTED
from scheduling.rules.hours import NOTHING, week_end_on

# Of a part that waits: what was approved of it before counts as approved.
WAITS = Q(state=HoursState.SUBMITTED)


def worked_hours(engagement: Engagement) -> WorkedHours:
    """Add up what is booked hard and what was worked, week by week; four queries.

    Hours that nobody has confirmed, and those that went back, are not worked yet.
    """
    settings = hours_settings(portal_settings())
    planned = planned_weeks(engagement, settings.week_ends_on)
    told = told_weeks(engagement)
    return WorkedHours(
        weeks=tuple(
            WeekOfHours(
                ends_on,
                planned=planned.get(ends_on, NOTHING),
                waiting=told.get(ends_on, (NOTHING, NOTHING, NOTHING))[0],
                approved=told.get(ends_on, (NOTHING, NOTHING, NOTHING))[1],
            )
            for ends_on in sorted({*planned, *told})
        ),
        is_imported=settings.is_imported,
        covered_until=covered_until() if settings.is_imported else None,
        to_release=sum((one[2] for one in told.values()), NOTHING),
    )


def planned_weeks(engagement: Engagement, week_ends_on: int) -> dict[date, Decimal]:
    """Return the hours booked hard, by the last day of their week; one query."""
    days = AllocationDay.objects.filter(
        allocation__engagement=engagement, hold=Hold.HARD
    )
    found: dict[date, Decimal] = {}
    rows = days.order_by().values_list("day").annotate(total=Sum("hours"))
    for day, hours in rows:
        ends_on = week_end_on(day, week_ends_on)
        found[ends_on] = found.get(ends_on, NOTHING) + hours
    return found


def told_weeks(
    engagement: Engagement,
) -> dict[date, tuple[Decimal, Decimal, Decimal]]:
    """Return what waits, what is approved and what waits for release; one query."""
    parts = HoursPart.objects.filter(engagement=engagement, state__in=COUNTED)
    rows = (
        parts.order_by()
        .values_list("week__ends_on")
        .annotate(
            waiting=Sum(F("hours") - F("approved_hours"), filter=WAITS),
            approved=Sum("approved_hours"),
            unreleased=Sum("hours", filter=Q(waits_for_release=True)),
        )
    )
    return {
        ends_on: (waiting or NOTHING, approved or NOTHING, unreleased or NOTHING)
        for ends_on, waiting, approved, unreleased in rows
    }


def covered_until() -> date | None:
    """Return the last day that an import has told of; one query."""
    taken = HoursImport.objects.filter(settled_at__isnull=False)
    newest = taken.order_by("-covered_until").values_list("covered_until", flat=True)
    return newest.first()


def register_hours_facts() -> None:
    """Let others read the hours worked."""
    facts.register(WorkedHours, worked_hours)
