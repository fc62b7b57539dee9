"""Reads about people that need more than a queryset method."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar, cast

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from psdelivery.people.choices import Role
from psdelivery.people.models import (
    Contact,
    Customer,
    Pool,
    Region,
    RoleGrant,
    User,
    UserQuerySet,
)

T = TypeVar("T")
# Where a person is looked for by what was typed.
PERSON_FIELDS = ("first_name", "last_name", "username", "email")


def report_ids(user: User) -> set[int]:
    """Return the ids of everybody who reports to the person, directly or not.

    Remembered on the person at hand, who lives as long as the request.
    """
    return remembered(user, "_report_ids", _report_ids)


def remembered(user: User, name: str, read: Callable[[User], T]) -> T:
    """Return what was read of the person before, or read it now."""
    if not hasattr(user, name):
        setattr(user, name, read(user))
    return cast(T, getattr(user, name))


def _report_ids(user: User) -> set[int]:
    reports: dict[int, list[int]] = defaultdict(list)
    pairs = User.objects.filter(manager__isnull=False).values_list("pk", "manager_id")
    for pk, manager_id in pairs.order_by():
        reports[manager_id].append(pk)
    found: set[int] = set()
    waiting = [user.pk]
    while waiting:
        new = set(reports[waiting.pop()]) - found
        found |= new
        waiting += new
    return found - {user.pk}


def pool_members(pool: Pool) -> UserQuerySet:
    """Return the active people of a pool: its role, in its region if it has one."""
    members = User.objects.active().with_role(pool.role)
    return members.filter(region_id=pool.region_id) if pool.region_id else members


def pools_of(user: User) -> list[int]:
    """Return the ids of the pools that a person belongs to; remembered as above."""
    return remembered(user, "_pool_ids", _pool_ids)


def _pool_ids(user: User) -> list[int]:
    here = Q(region__isnull=True) | Q(region_id=user.region_id)
    pools = Pool.objects.filter(here, role__in=user.role_set)
    return list(pools.order_by("pk").values_list("pk", flat=True))


def coordinator_pool(region: Region) -> Pool:
    """Return the coordinators of a region, who own what has no other owner."""
    name = _("Coordinators %(region)s") % {"region": region.name}
    pool, _made = Pool.objects.get_or_create(
        role=Role.COORDINATOR, region=region, defaults={"name": name[:120]}
    )
    return pool


def addresses_of_pools(pool_ids: Iterable[int]) -> dict[int, list[str]]:
    """Return the mail addresses of each pool's members; two queries for all.

    A pool without members stands for everybody with its role, and without those
    for the administrators (a third query): a reminder never goes to nobody.
    """
    pools = list(Pool.objects.filter(pk__in=set(pool_ids)).order_by("pk"))
    roles = {pool.role for pool in pools}
    grants = RoleGrant.objects.filter(role__in=roles, user__is_active=True)
    rows = grants.order_by("user_id").values_list(
        "role", "user__region_id", "user__email"
    )
    holders: dict[str, list[tuple[int | None, str]]] = defaultdict(list)
    for role, region_id, email in rows:
        holders[role].append((region_id, email))
    found = {pool.pk: _addresses(pool, holders[pool.role]) for pool in pools}
    if all(found.values()):
        return found
    last_resort = list(administrators().order_by("pk").values_list("email", flat=True))
    return {pk: addresses or last_resort for pk, addresses in found.items()}


def _addresses(pool: Pool, holders: list[tuple[int | None, str]]) -> list[str]:
    here = [email for region_id, email in holders if region_id == pool.region_id]
    everywhere = [email for _region_id, email in holders]
    return (here if pool.region_id else everywhere) or everywhere


def administrators() -> UserQuerySet:
    """Return the active people who may edit users."""
    holders = User.objects.with_role(Role.ADMINISTRATOR).values("pk")
    return User.objects.active().filter(Q(is_superuser=True) | Q(pk__in=holders))


@dataclass(frozen=True)
class PeopleFilter:
    """What the list of people is narrowed to; empty means everybody who works here."""

    text: str = ""
    role: str = ""
    practice_id: int | None = None
    region_id: int | None = None
    has_left: bool = False


def people_matching(wanted: PeopleFilter) -> UserQuerySet:
    """Return people by name, role, practice and region, with what a row shows."""
    people = User.objects.get_queryset().filter(is_active=not wanted.has_left)
    for word in wanted.text.split():
        people = people.filter(_is_named(word, *PERSON_FIELDS))
    if wanted.role:
        people = people.with_role(wanted.role)
    if wanted.practice_id:
        people = people.filter(practice_id=wanted.practice_id)
    if wanted.region_id:
        people = people.filter(region_id=wanted.region_id)
    return people.select_related("practice", "region", "manager").prefetch_related(
        "role_grants"
    )


def people_named(text: str) -> UserQuerySet:
    """Return people by name or address, who has left included; nobody for no text."""
    people = User.objects.get_queryset()
    if not text.split():
        return people.none()
    for word in text.split():
        people = people.filter(_is_named(word, *PERSON_FIELDS))
    return people


def contacts_named(text: str) -> QuerySet[Contact]:
    """Return contacts by name or address, with their customers; as `people_named`."""
    contacts = Contact.objects.select_related("customer")
    if not text.split():
        return contacts.none()
    for word in text.split():
        contacts = contacts.filter(_is_named(word, "name", "email"))
    return contacts


def _is_named(word: str, *fields: str) -> Q:
    condition = Q()
    for field in fields:
        condition |= Q(**{f"{field}__icontains": word})
    return condition


def customers_matching(
    customers: QuerySet[Customer], *, text: str, country: str
) -> QuerySet[Customer]:
    """Narrow customers to a name and a country; count the contacts of each."""
    for word in text.split():
        customers = customers.filter(name__icontains=word)
    if country:
        customers = customers.filter(country=country)
    active = Count("contacts", filter=Q(contacts__is_active=True))
    return customers.annotate(contact_count=active)
