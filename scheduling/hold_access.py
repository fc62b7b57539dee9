"""Which soft holds a person may extend, and the loader that checks it."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from engagements.access import engagement_condition
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from scheduling.access import (
    ALLOCATION_NEEDS,
    may_with_allocation,
    visible_allocations,
)
from scheduling.choices import AllocationState, Hold
from scheduling.models import Allocation
from scheduling.models.allocations import AllocationQuerySet


def asked_by(user: User) -> Q:
    """Return the condition for bookings that the person asked for, or placed."""
    return Q(request__requested_by=user) | Q(request=None, placed_by=user)


def held_for(user: User) -> Q:
    """Return the condition for bookings that the person may extend (R-8).

    Those they asked for, and those of work for which they request resources; whose
    days are held has no say in it.
    """
    scope = scope_for(user.role_set, Action.RESOURCE_REQUEST)
    if scope >= Scope.ALL:
        return Q()
    if scope < Scope.OWN:
        return asked_by(user)
    near = engagement_condition(user, scope, "engagement") & ~Q(engagement=None)
    return asked_by(user) | near


def soft_holds_of(user: User) -> AllocationQuerySet:
    """Return the soft holds that stand and that the person may extend."""
    rows = Allocation.objects.filter(state=AllocationState.ACTIVE, hold=Hold.SOFT)
    return rows.filter(held_for(user))


def may_extend(user: User, booking: Allocation) -> bool:
    """Tell whether the person may extend this booking."""
    return Allocation.objects.filter(held_for(user), pk=booking.pk).exists()


def get_hold(request: SignedInRequest, pk: int) -> Allocation:
    """Load a booking that is, or was, a soft hold, for the view at hand.

    Raises Http404 for one that the person may not read, PermissionDenied for one that
    they may not extend or make hard.
    """
    visible = visible_allocations(request.user).values("pk")
    near = Allocation.objects.filter(asked_by(request.user) | Q(pk__in=visible))
    found = near.select_related(*ALLOCATION_NEEDS).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such booking."))
    if not may_treat(request, found):
        raise PermissionDenied(_("Your role does not include this."))
    return found


def may_treat(request: SignedInRequest, booking: Allocation) -> bool:
    """Tell whether the person may do with it what the view is for."""
    if request.access.action == Action.BOOK:
        return may_with_allocation(request.user, booking, Action.BOOK)
    return may_extend(request.user, booking)
