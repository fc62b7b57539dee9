"""Who may see and change which customer; people are all or nothing."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import Contact, Customer, User
from psdelivery.registry import reach


def customers_in(user: User, scope: Scope) -> QuerySet[Customer]:
    """Return the customers within a reach.

    My own are those of my engagements, and those that I registered: they have no
    engagement yet.
    """
    if scope is Scope.ALL:
        return Customer.objects.all()
    if scope < Scope.OWN_STEPS:
        return Customer.objects.none()
    near = Customer.objects.filter(reach.condition(user, scope, "engagements"))
    mine = Q(created_by=user) | Q(pk__in=near.order_by().values("pk"))
    return Customer.objects.filter(mine)


def visible_customers(user: User, action: Action) -> QuerySet[Customer]:
    """Return the customers with whom a person may do this."""
    return customers_in(user, scope_for(user.role_set, action))


def may_with_customer(user: User, customer: Customer, action: Action) -> bool:
    """Whether a person may do this with this customer; for buttons."""
    return visible_customers(user, action).filter(pk=customer.pk).exists()


def get_customer(request: SignedInRequest, pk: int) -> Customer:
    """Return the customer: 404 for who may not see it, 403 for who may only see."""
    customer = customers_in(request.user, request.access.scope).filter(pk=pk).first()
    if customer is not None:
        return customer
    if visible_customers(request.user, Action.CUSTOMER_SEE).filter(pk=pk).exists():
        raise PermissionDenied(_("You may see this customer, but not change it."))
    raise Http404


def get_contact(request: SignedInRequest, pk: int) -> Contact:
    """Return the contact of a customer that may be changed; else as the customer."""
    contact = get_object_or_404(Contact, pk=pk)
    contact.customer = get_customer(request, contact.customer_id)
    return contact


def get_person(pk: int) -> User:
    """Return anybody; who may see people at all may see each of them."""
    people = User.objects.select_related("practice", "region", "manager")
    person: User = get_object_or_404(people.prefetch_related("role_grants"), pk=pk)
    return person
