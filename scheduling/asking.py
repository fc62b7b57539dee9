"""What somebody may ask for, and what a new request begins with."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from engagements.access import reached_engagement, visible_engagements
from engagements.choices import ENDED_STATUSES, Kind
from engagements.models import Engagement
from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from scheduling.access import (
    reached_allocation,
    visible_allocations,
)
from scheduling.choices import BOOKING_KINDS, INTERNAL_KINDS, Hold, RequestKind
from scheduling.comment_requests import asked_in, get_comment
from scheduling.models import Allocation, ResourceRequest
from scheduling.queries.requests import usual_engagement
from scheduling.rules.requests import Range

MOST_SHOWN = 25
# What somebody may ask for about themselves (domain.md: "own change, internal").
OWN_KINDS = (
    RequestKind.CREDITABLE,
    RequestKind.NON_CREDITABLE,
    RequestKind.CHANGE,
    RequestKind.RELEASE,
)


def kinds_for(user: User) -> Sequence[RequestKind]:
    """Return what the person may ask for."""
    scope = scope_for(user.role_set, Action.RESOURCE_REQUEST)
    if scope <= Scope.SELF:
        return OWN_KINDS if scope is Scope.SELF else ()
    return list(RequestKind)


def number_in(values: Mapping[str, Any], name: str) -> int | None:
    """Return the number that the address names, None for anything else."""
    typed = values.get(name, "")
    is_number = typed.isascii() and typed.isdigit() and len(typed) < 18
    return int(typed) if is_number else None


def draft_about(request: SignedInRequest, kind: RequestKind) -> ResourceRequest | None:
    """Return the request that the form begins with; None: first say about what.

    Raises Http404 and PermissionDenied for what is out of reach.
    """
    asked = ResourceRequest(kind=kind, requested_by=request.user)
    comment = number_in(request.GET, "comment")
    if comment is not None:
        return about_comment(request, kind, comment)
    if kind == RequestKind.ENGAGEMENT:
        return about_engagement(asked, number_in(request.GET, "engagement"))
    if kind in BOOKING_KINDS:
        return about_booking(asked, number_in(request.GET, "allocation"))
    if kind in INTERNAL_KINDS:
        asked.engagement = usual_engagement(kind)
        asked.person = request.user
    return asked


def about_comment(
    request: SignedInRequest, kind: RequestKind, pk: int
) -> ResourceRequest | None:
    """Ask for what a comment says, as far as it was understood."""
    comment = get_comment(request, pk)
    asked, wish = asked_in(comment, request.user, clock.now())
    if kind != asked.kind:
        raise Http404(_("This comment asks for something else."))
    asked.read_ranges = list(wish.ranges)  # type: ignore[attr-defined]  # `first_ranges`
    if kind == RequestKind.ENGAGEMENT:
        return about_engagement(asked, comment.engagement_id)
    return asked


def about_engagement(asked: ResourceRequest, pk: int | None) -> ResourceRequest | None:
    """Ask for people on an engagement, on the clock of its customer."""
    if pk is None:
        return None
    engagement = reached_engagement(asked.requested_by, pk, Action.RESOURCE_REQUEST)
    if engagement.kind == Kind.INTERNAL:
        raise Http404(_("Internal time is asked for as internal time."))
    asked.engagement = engagement
    asked.zone = engagement.customer.zone
    return asked


def about_booking(asked: ResourceRequest, pk: int | None) -> ResourceRequest | None:
    """Ask for the change or release of a booking, beginning with how it is."""
    if pk is None:
        return None
    booking = reached_allocation(asked.requested_by, pk, Action.RESOURCE_REQUEST)
    asked.allocation, asked.engagement = booking, booking.engagement
    asked.role, asked.task = booking.role, booking.task
    if asked.kind == RequestKind.CHANGE:
        asked.person = booking.person
        asked.hours_total = booking.hours
        asked.booking = Hold.HARD if booking.hold == Hold.HARD else Hold.SOFT
    return asked


def first_ranges(asked: ResourceRequest) -> list[Range]:
    """Return the days that the form begins with: those stored, or of the booking."""
    if asked.pk:
        return list(asked.ranges.values_list("starts_on", "ends_on"))
    read: list[Range] = getattr(asked, "read_ranges", [])
    if read:
        return read
    booking = asked.allocation
    if booking is not None and asked.kind == RequestKind.CHANGE:
        return [(booking.starts_on, booking.ends_on)]
    return []


def choices_of_subject(
    user: User, kind: RequestKind, words: str, now: datetime
) -> list[Engagement] | list[Allocation]:
    """Return what may be asked about, narrowed by words; the first of them."""
    if kind in BOOKING_KINDS:
        return bookings_to_ask_about(user, words, now)
    found = visible_engagements(user, Action.RESOURCE_REQUEST)
    return engagements_named(found.exclude(kind=Kind.INTERNAL), words)


def engagements_to_book(user: User, words: str) -> list[Engagement]:
    """Return engagements that a coordinator may book on, narrowed by words."""
    return engagements_named(visible_engagements(user, Action.BOOK), words)


def engagements_named(found: QuerySet[Engagement], words: str) -> list[Engagement]:
    """Return the first engagements, not ended, whose title or customer is named so."""
    found = found.exclude(status__in=ENDED_STATUSES)
    for word in words.split():
        found = found.filter(
            Q(title__icontains=word) | Q(customer__name__icontains=word)
        )
    rows = found.select_related("customer").order_by("customer__name", "title", "pk")
    return list(rows[:MOST_SHOWN])


def bookings_to_ask_about(user: User, words: str, now: datetime) -> list[Allocation]:
    """Return bookings that are not over, which the person may ask to change."""
    scope = scope_for(user.role_set, Action.RESOURCE_REQUEST)
    near = visible_engagements(user, Action.RESOURCE_REQUEST).order_by().values("pk")
    mine = Q(person=user) | Q(request__requested_by=user)
    reached = mine if scope <= Scope.SELF else mine | Q(engagement__in=near)
    found = visible_allocations(user).booked().filter(reached)
    found = found.filter(ends_on__gte=local_day(now, user.zone))
    for word in words.split():
        found = found.filter(
            Q(person__first_name__icontains=word)
            | Q(person__last_name__icontains=word)
            | Q(engagement__title__icontains=word)
            | Q(engagement__customer__name__icontains=word)
        )
    rows = found.select_related("engagement__customer", "person")
    return list(rows.order_by("starts_on", "pk")[:MOST_SHOWN])
