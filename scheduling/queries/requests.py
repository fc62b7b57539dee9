"""Reads of resource requests that need more than a queryset method."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from engagements.choices import Kind, Status
from engagements.models import Engagement
from psdelivery.people.choices import Role
from psdelivery.people.models import Region, User
from scheduling.choices import (
    INTERNAL_KINDS,
    OPEN_REQUEST_STATES,
    WAITING_STATES,
    RequestBall,
    RequestKind,
    RequestState,
)
from scheduling.models import Allocation, ResourceRequest

# What the list of requests may be narrowed to, beside the states themselves.
OPEN = "open"
WAITING = "waiting"
ENDED = "ended"
MINE = "mine"
EVERY = "all"


@dataclass(frozen=True)
class RequestFilter:
    """What the list is narrowed to; empty means what is still open."""

    text: str = ""
    state: str = ""
    kind: str = ""
    ball: str = ""
    person_id: int | None = None
    region_id: int | None = None
    mine: bool = False


def internal_engagements() -> QuerySet[Engagement]:
    """Return the standing engagements that internal time is booked on (glossary)."""
    found = Engagement.objects.filter(kind=Kind.INTERNAL, status=Status.ACTIVE)
    return found.select_related("customer").order_by("title", "pk")


def usual_engagement(kind: str) -> Engagement | None:
    """Return the standing engagement whose title begins like the kind of time."""
    found = list(internal_engagements())
    word = "non" if kind == RequestKind.NON_CREDITABLE else "cred"
    named = [one for one in found if one.title.lower().startswith(word)]
    return next(iter(named or found), None)


def coordinators() -> QuerySet[User]:
    """Return the coordinators who work here."""
    return User.objects.active().with_role(Role.COORDINATOR)


def open_questions_about(booking: Allocation) -> list[ResourceRequest]:
    """Return the requests about a booking that still wait, drafts left out."""
    asked = booking.change_requests.filter(state__in=OPEN_REQUEST_STATES)
    return list(asked.select_related("requested_by").order_by("pk"))


def requests_matching(
    requests: QuerySet[ResourceRequest], wanted: RequestFilter, user: User
) -> QuerySet[ResourceRequest]:
    """Narrow requests to what the list was asked for."""
    found = in_state(requests, wanted.state)
    for word in wanted.text.split():
        found = found.filter(
            Q(engagement__title__icontains=word)
            | Q(engagement__customer__name__icontains=word)
            | Q(about__icontains=word)
            | Q(requested_by__first_name__icontains=word)
            | Q(requested_by__last_name__icontains=word)
            | Q(person__first_name__icontains=word)
            | Q(person__last_name__icontains=word)
        )
    exact = {"kind": wanted.kind, "ball_with": wanted.ball}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if wanted.person_id is not None:
        about = Q(person=wanted.person_id) | Q(allocation__person=wanted.person_id)
        found = found.filter(about)
    if wanted.region_id is not None:
        found = found.filter(region_condition(wanted.region_id))
    if wanted.mine:
        found = found.filter(mine_condition(user))
    return found


def in_state(
    requests: QuerySet[ResourceRequest], state: str
) -> QuerySet[ResourceRequest]:
    """Keep those of a state, or of a group of states; usually what is open."""
    if state == EVERY:
        return requests
    if state == WAITING:
        return requests.filter(state__in=WAITING_STATES)
    if state == ENDED:
        open_ones = OPEN_REQUEST_STATES | {RequestState.DRAFT}
        return requests.exclude(state__in=open_ones)
    if state in RequestState.values:
        return requests.filter(state=state)
    return requests.filter(state__in=OPEN_REQUEST_STATES | {RequestState.DRAFT})


def region_condition(region_id: int) -> Q:
    """Return the condition: requests that belong to a region.

    Internal time and inquiries belong to the requester's, others to the engagement's.
    """
    is_own = Q(kind__in=INTERNAL_KINDS) | Q(engagement=None)
    of_requester = is_own & Q(requested_by__region=region_id)
    return of_requester | (~is_own & Q(engagement__region=region_id))


def mine_condition(user: User) -> Q:
    """Return the condition: what I asked for, or what I took up."""
    return Q(requested_by=user) | Q(coordinator=user)


def in_queue_order(
    requests: QuerySet[ResourceRequest], region: Region | None
) -> QuerySet[Any]:
    """Order requests as they are handled: waiting ones first, those due first.

    Before that the reader's own region: coordinators see theirs first.
    """
    is_waiting = Case(
        When(ball_with=RequestBall.COORDINATION, then=Value(0)),
        When(ball_with=RequestBall.REQUESTER, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    near: Any = Value(0)
    if region is not None:
        near = Case(
            When(region_condition(region.pk), then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
    due = F("answer_due_at").asc(nulls_last=True)
    ordered = requests.annotate(turn=is_waiting, far=near)
    return ordered.order_by("turn", "far", due, "-created_at", "pk")


def rows_of_list(requests: QuerySet[Any]) -> QuerySet[Any]:
    """Load what a row of the list shows; the same queries for any number."""
    return requests.select_related(
        "engagement__customer",
        "engagement__region",
        "requested_by__region",
        "person",
        "coordinator",
        "step",
        "allocation__person",
    ).prefetch_related("ranges")


def next_waiting(
    requests: QuerySet[ResourceRequest], after: ResourceRequest, user: User
) -> ResourceRequest | None:
    """Return the request that a coordinator handles next; None when all is done."""
    found = requests.filter(state__in=WAITING_STATES).exclude(pk=after.pk)
    return in_queue_order(found, user.region).first()


def neighbours(
    requests: QuerySet[ResourceRequest], asked: ResourceRequest, user: User
) -> tuple[int | None, int | None]:
    """Return the ids of the waiting requests before and after this one."""
    waiting = in_queue_order(requests.filter(state__in=WAITING_STATES), user.region)
    ids = list(waiting.values_list("pk", flat=True)[:500])
    if asked.pk not in ids:
        return None, next(iter(ids), None)
    place = ids.index(asked.pk)
    before = ids[place - 1] if place else None
    return before, next(iter(ids[place + 1 :]), None)


def waited_long(asked: ResourceRequest, now: datetime) -> bool:
    """Tell whether coordination is late with its answer."""
    due = asked.answer_due_at
    return asked.state in WAITING_STATES and due is not None and due <= now


def people_asked_for(requests: QuerySet[ResourceRequest]) -> QuerySet[User]:
    """Return the people whom these requests name."""
    named = requests.filter(person__isnull=False).order_by().values("person")
    booked = requests.filter(allocation__isnull=False).order_by()
    about = booked.values("allocation__person")
    return User.objects.filter(Q(pk__in=named) | Q(pk__in=about))
