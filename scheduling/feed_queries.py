"""What a feed shows, by what its owner may see at the moment of reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from engagements.access import visible_engagements
from psdelivery.people.models import User
from psdelivery.people.queries.people import report_ids
from scheduling.choices import FeedKind, Hold
from scheduling.models import AllocationDay, CalendarFeed, OccupiedTime

PAST, COMING = timedelta(days=31), timedelta(days=550)


@dataclass(frozen=True)
class FeedContent:
    days: Sequence[AllocationDay]
    times: Sequence[OccupiedTime]


def content_of(feed: CalendarFeed, now: datetime) -> FeedContent | None:
    """Return the bookings and times of a feed; None where the owner may not see them.

    From a month ago to the end of the horizon, offers left out: they are no promise.
    """
    condition = condition_of(feed)
    if condition is None:
        return None
    first, last = now - PAST, now + COMING
    days = AllocationDay.objects.filter(condition.days).exclude(hold=Hold.OFFER)
    times = OccupiedTime.objects.filter(
        condition.times, ends_at__gt=first, starts_at__lt=last
    )
    return FeedContent(
        list(with_bookings(days.filter(day__range=(first.date(), last.date())))),
        list(times.select_related("person", "host").order_by("starts_at", "pk")),
    )


@dataclass(frozen=True)
class Condition:
    days: Q
    times: Q


def condition_of(feed: CalendarFeed) -> Condition | None:
    """Return which rows a feed shows."""
    match feed.kind:
        case FeedKind.PERSONAL:
            return Condition(Q(person=feed.owner), Q(person=feed.owner))
        case FeedKind.TEAM:
            team = {feed.owner.pk, *report_ids(feed.owner)}
            return Condition(Q(person__in=team), Q(person__in=team))
        case _:
            return condition_of_engagement(feed, feed.owner)


def condition_of_engagement(feed: CalendarFeed, owner: User) -> Condition | None:
    """Return the rows of an engagement, as long as the owner sees it."""
    seen = visible_engagements(owner)
    if feed.engagement is None or not seen.contains(feed.engagement):
        return None
    return Condition(
        Q(allocation__engagement=feed.engagement_id),
        Q(engagement=feed.engagement_id),
    )


def with_bookings(days: QuerySet[AllocationDay]) -> QuerySet[AllocationDay]:
    """Return the days with their bookings, each booking's together."""
    return days.select_related(
        "allocation__engagement__customer", "allocation__person"
    ).order_by("allocation_id", "day")
