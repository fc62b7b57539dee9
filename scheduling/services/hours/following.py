"""Hours that wait follow their approver: another PM, another coordinator, a leaver."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from engagements.models import Engagement
from psdelivery.people.models import User
from scheduling.choices import HoursState
from scheduling.models import HoursPart
from scheduling.queries.hours import PART_NEEDS
from scheduling.services.hours import asking


def follow_engagement(engagement: Engagement, *, by: User | None, now: datetime) -> int:
    """Give the hours of an engagement that wait to who approves them now."""
    return follow(HoursPart.objects.filter(engagement=engagement), by=by, now=now)


def follow_person(person: User, *, by: User | None, now: datetime) -> int:
    """Give the hours that wait for somebody to who approves them in their place."""
    return follow(HoursPart.objects.filter(approver=person), by=by, now=now)


@transaction.atomic
def follow(parts: QuerySet[HoursPart], *, by: User | None, now: datetime) -> int:
    """Name the approver of the parts that wait anew; return how many changed hands."""
    waiting = parts.filter(state=HoursState.SUBMITTED)
    rows = waiting.select_for_update(of=("self",)).select_related(
        *PART_NEEDS,
        "engagement__practice__manager",
        "engagement__region",
        "week__person__manager",
    )
    before, moved = [], []
    for part in rows.order_by("week_id", "pk"):
        old = asking.key_of(part)
        asking.name_approver(part)
        if asking.key_of(part) != old:
            before.append(old)
            moved.append(part)
    HoursPart.objects.bulk_update(moved, ["approver", "pool"])
    asking.ask(moved, by=by, now=now)
    asking.settle(before, by=by, now=now)
    return len(moved)
