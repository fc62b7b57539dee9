"""Which requests and bookings a person reaches, and the loaders that check it."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from engagements.access import engagement_condition
from psdelivery.access import Action, Door, Scope, scope_for
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from scheduling.choices import RequestState
from scheduling.models import Allocation, ResourceRequest
from scheduling.models.allocations import AllocationQuerySet

REQUEST_NEEDS = (
    "engagement__customer",
    "engagement__region",
    "engagement__practice__manager",
    "engagement__checklist",
    "person",
    "requested_by__region",
    "coordinator",
    "decided_by",
    "step",
    "allocation__person",
    "allocation__engagement__customer",
)

ALLOCATION_NEEDS = (
    "engagement__customer",
    "engagement__region",
    "engagement__practice__manager",
    "engagement__checklist",
    "request__requested_by",
    "person",
    "partner",
    "placed_by",
    "changed_by",
    "ended_by",
)


def visible_requests(user: User) -> QuerySet[ResourceRequest]:
    """Return the requests that the person may read.

    Those of engagements that they see, what they asked for themselves, and what is
    asked of them. A draft is its writer's alone; a planning inquiry, which has no
    engagement, is for who sees the board.
    """
    scope = scope_for(user.role_set, Action.ENGAGEMENT_SEE)
    near = engagement_condition(user, scope, "engagement") & ~Q(engagement=None)
    if scope_for(user.role_set, Action.BOARD_SEE) >= Scope.ALL:
        near |= Q(engagement=None)
    others = (near | Q(person=user)) & ~Q(state=RequestState.DRAFT)
    return ResourceRequest.objects.filter(Q(requested_by=user) | others)


def may_with_request(user: User, asked: ResourceRequest, action: Action | Door) -> bool:
    """Tell whether the person may do this with a request that they may read."""
    if isinstance(action, Door):
        return False
    scope = scope_for(user.role_set, action)
    if scope in {Scope.NONE, Scope.ALL}:
        return scope is Scope.ALL
    if asked.requested_by_id == user.pk and action == Action.RESOURCE_REQUEST:
        return True
    near = engagement_condition(user, scope, "engagement") & ~Q(engagement=None)
    return ResourceRequest.objects.filter(near, pk=asked.pk).exists()


def get_request(request: SignedInRequest, pk: int) -> ResourceRequest:
    """Load a resource request for the view at hand.

    Raises Http404 for one that the person may not read, PermissionDenied for one
    that they may not treat in this way.
    """
    visible = visible_requests(request.user).select_related(*REQUEST_NEEDS)
    found = visible.filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such request."))
    action = request.access.action
    reads = action == Action.ENGAGEMENT_SEE
    if not reads and not may_with_request(request.user, found, action):
        raise PermissionDenied(_("Your role does not include this."))
    return found


def visible_allocations(user: User) -> AllocationQuerySet:
    """Return the bookings that the person may read: of what they see, and their own.

    Their own are those of them, and those that they asked for. What has no engagement
    yet is for who sees the board.
    """
    scope = scope_for(user.role_set, Action.ENGAGEMENT_SEE)
    near = engagement_condition(user, scope, "engagement") & ~Q(engagement=None)
    if scope_for(user.role_set, Action.BOARD_SEE) >= Scope.ALL:
        near |= Q(engagement=None)
    mine = Q(person=user) | Q(request__requested_by=user)
    return Allocation.objects.filter(near | mine)


def reached_bookings(user: User, ids: Collection[int]) -> frozenset[int] | None:
    """Return which of these bookings the person may open; None: all of them.

    The board shows all; the page of a booking is for who sees its engagement.
    """
    if scope_for(user.role_set, Action.ENGAGEMENT_SEE) >= Scope.ALL:
        return None
    rows = visible_allocations(user).filter(pk__in=ids)
    return frozenset(rows.order_by().values_list("pk", flat=True))


def may_with_allocation(
    user: User, allocation: Allocation, action: Action | Door
) -> bool:
    """Tell whether the person may do this with a booking that they may read.

    Whose booking it is, or who asked for it, may ask for its change (domain.md, "own
    change").
    """
    if isinstance(action, Door):
        return False
    scope = scope_for(user.role_set, action)
    if scope in {Scope.NONE, Scope.ALL}:
        return scope is Scope.ALL
    if action == Action.RESOURCE_REQUEST and is_own(user, allocation):
        return True
    near = engagement_condition(user, scope, "engagement") & ~Q(engagement=None)
    return Allocation.objects.filter(near, pk=allocation.pk).exists()


def is_own(user: User, allocation: Allocation) -> bool:
    """Tell whether it is a booking of the person, or one that they asked for."""
    asked = allocation.request
    has_asked = asked is not None and asked.requested_by_id == user.pk
    return has_asked or allocation.person_id == user.pk


def get_allocation(request: SignedInRequest, pk: int) -> Allocation:
    """Load a booking for the view at hand; answers as `get_request` does."""
    action = request.access.action
    return reached_allocation(request.user, pk, action)


def reached_allocation(user: User, pk: int, action: Action | Door) -> Allocation:
    """Load a booking for somebody who wants to do this with it.

    Raises Http404 for one that they may not read, PermissionDenied for one that they
    may not treat in this way.
    """
    visible = visible_allocations(user).select_related(*ALLOCATION_NEEDS)
    found = visible.filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such booking."))
    reads = action == Action.ENGAGEMENT_SEE
    if not reads and not may_with_allocation(user, found, action):
        raise PermissionDenied(_("Your role does not include this."))
    return found
