"""Who may see and change which customer and whose time off."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import (
    Contact,
    Customer,
    PersonSkill,
    TimeOff,
    User,
    WorkingHours,
)
from psdelivery.people.queries.time_off import Decider, decider_of, person_condition
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


def get_person_for_time_off(request: SignedInRequest, pk: int) -> User:
    """Return whose time off is entered: the own, or anybody's for coordinators."""
    person = get_person(pk)
    if not person.is_active:
        raise Http404
    if not may_enter_for(request.user, person):
        raise PermissionDenied(_("You enter your own time off only."))
    return person


def get_time_off(request: SignedInRequest, pk: int, now: datetime) -> TimeOff:
    """Return time off; 404 for who may not see it with its kind and note."""
    user = request.user
    rows = TimeOff.objects.select_related(
        "person__manager", "person__practice", "deputy", "decided_by", "requested_by"
    )
    time_off: TimeOff = get_object_or_404(rows, pk=pk)
    if may_see_kind(user, time_off.person):
        return time_off
    if decider_of(user, time_off.person, now) is None:
        raise Http404
    return time_off


def may_enter_for(user: User, person: User) -> bool:
    """Whether somebody may enter, edit and cancel time off: the own, or anybody's."""
    scope = scope_for(user.role_set, Action.TIME_OFF_ENTER)
    is_own = user.pk == person.pk and scope >= Scope.SELF
    return person.is_active and (scope is Scope.ALL or is_own)


def may_see_kind(user: User, person: User) -> bool:
    """Whether somebody may know why a person is away; all others see that they are."""
    if user.pk == person.pk:
        return True
    scope = scope_for(user.role_set, Action.TIME_OFF_SEE)
    if scope in {Scope.NONE, Scope.ALL}:
        return scope is Scope.ALL
    within = User.objects.filter(person_condition(user, scope, ""))
    return within.filter(pk=person.pk).exists()


def get_time_off_to_change(request: SignedInRequest, pk: int, now: datetime) -> TimeOff:
    """Return time off that may be edited; 403 for who may only see it."""
    time_off = get_time_off(request, pk, now)
    if not may_enter_for(request.user, time_off.person):
        raise PermissionDenied(_("You may see this time off, but not change it."))
    return time_off


def get_time_off_to_decide(
    request: SignedInRequest, pk: int, now: datetime
) -> tuple[TimeOff, Decider]:
    """Return time off and the right to decide it; 403 for who may only see it."""
    time_off = get_time_off(request, pk, now)
    decider = decider_of(request.user, time_off.person, now)
    if decider is None:
        raise PermissionDenied(_("Somebody else approves this time off."))
    return time_off, decider


def reaches_person(user: User, person: User, action: Action) -> bool:
    """Whether a person's roles reach another one with an action; never oneself."""
    scope = scope_for(user.role_set, action)
    if user.pk == person.pk or scope < Scope.TEAM:
        return False
    within = User.objects.filter(person_condition(user, scope, ""))
    return within.filter(pk=person.pk).exists()


def may_set_hours(user: User, person: User) -> bool:
    """Whether somebody may set a person's hours: another does it, except for all."""
    if scope_for(user.role_set, Action.HOURS_EDIT) is Scope.ALL:
        return person.is_active
    return person.is_active and reaches_person(user, person, Action.HOURS_EDIT)


def may_see_hours(user: User, person: User) -> bool:
    """Whether somebody may see a person's hours: the own, and those one may set."""
    scope = scope_for(user.role_set, Action.HOURS_EDIT)
    if user.pk == person.pk or scope is Scope.ALL:
        return True
    return reaches_person(user, person, Action.HOURS_EDIT)


def get_person_for_hours(request: SignedInRequest, pk: int) -> User:
    """Return whose working hours are shown: the own, and those that one may set."""
    person = get_person(pk)
    if may_see_hours(request.user, person):
        return person
    raise PermissionDenied(_("You may not see these working hours."))


def get_person_to_set_hours(request: SignedInRequest, pk: int) -> User:
    """Return whose working hours are set; 403 for who may not."""
    person = get_person(pk)
    if not may_set_hours(request.user, person):
        raise PermissionDenied(_("You may not set these working hours."))
    return person


def get_hours_to_remove(request: SignedInRequest, pk: int) -> WorkingHours:
    """Return hours of a person whose hours one may set."""
    hours: WorkingHours = get_object_or_404(
        WorkingHours.objects.select_related("person"), pk=pk
    )
    hours.person = get_person_to_set_hours(request, hours.person_id)
    return hours


def may_see_skills(user: User, person: User) -> bool:
    """Whether somebody may see a person's skills: the own, and who staffs work."""
    scope = scope_for(user.role_set, Action.SKILLS_SEE)
    return user.pk == person.pk or scope is Scope.ALL


def get_person_for_skills(request: SignedInRequest, pk: int) -> User:
    """Return whose skills are shown: the own, and anybody's for who staffs work."""
    person = get_person(pk)
    if may_see_skills(request.user, person):
        return person
    raise PermissionDenied(_("You may not see the skills of others."))


def get_skill_to_confirm(request: SignedInRequest, pk: int) -> PersonSkill:
    """Return a skill of one of the people whose skills one confirms."""
    rows = PersonSkill.objects.select_related("person", "skill")
    row: PersonSkill = get_object_or_404(rows, pk=pk)
    if not reaches_person(request.user, row.person, Action.SKILLS_CONFIRM):
        raise PermissionDenied(_("Somebody else confirms this skill."))
    return row
