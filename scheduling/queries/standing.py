"""The bookings of an engagement as others ask for them: what is still to come."""

from datetime import date, datetime

from django.db.models import Max, Min, Q, QuerySet, Sum

from engagements.models import Engagement
from engagements.registry import Booked
from psdelivery.people.moments import local_day
from scheduling.choices import Hold
from scheduling.models import Allocation


def today_of(engagement: Engagement, now: datetime) -> date:
    """Return the customer's day, by which the days of its bookings are past."""
    return local_day(now, engagement.customer.zone)


def with_days_to_come(
    allocations: QuerySet[Allocation], today: date
) -> QuerySet[Allocation]:
    """Keep bookings with days from today on; annotate their first, last and sum.

    What is only offered is decided by its requester, and ends by itself (R-7).
    """
    coming = Q(days__day__gte=today)
    return (
        allocations.filter(state="active", ends_on__gte=today)
        .exclude(hold=Hold.OFFER)
        .annotate(
            next_day=Min("days__day", filter=coming),
            final_day=Max("days__day", filter=coming),
            coming_hours=Sum("days__hours", filter=coming),
        )
        .filter(next_day__isnull=False)
        .select_related("person")
        .order_by("next_day", "pk")
    )


def bookings_to_come(engagement: Engagement, now: datetime) -> list[Booked]:
    """Return the soft and hard bookings with days from the customer's day on."""
    own = Allocation.objects.filter(engagement=engagement)
    return [booked(row) for row in with_days_to_come(own, today_of(engagement, now))]


def booked(row: Allocation) -> Booked:
    """Return a row of `with_days_to_come` as other places know it."""
    return Booked(
        key=row.pk,
        person=row.person,
        who=row.who,
        role=row.role,
        hold=row.hold,
        first_day=row.next_day,  # type: ignore[attr-defined]  # annotated
        last_day=row.final_day,  # type: ignore[attr-defined]  # annotated
        hours=row.coming_hours,  # type: ignore[attr-defined]  # annotated
    )
