"""Reads of time off: whose one may see, who decides it, what waits for whom."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from psdelivery.access import TABLE, Action, Scope, scope_for
from psdelivery.people.away import deputised_by, stand_ins
from psdelivery.people.choices import Role, TimeOffState
from psdelivery.people.models import RoleGrant, TimeOff, TimeOffQuerySet, User
from psdelivery.people.queries.people import report_ids
from psdelivery.people.rules.time_off import approvers_of

# What a request tells, and what says who decides it.
SHOWN = (
    "starts_on", "ends_on", "requested_at",
    "person__username", "person__first_name", "person__last_name",
    "person__manager", "person__practice__manager",
)  # fmt: skip
APPROVER_ROLES = frozenset(
    role for role, scope in TABLE[Action.TIME_OFF_APPROVE].items() if scope
)


def person_condition(user: User, scope: Scope, path: str) -> Q:
    """Return the condition for rows about people within a reach.

    `path` is the look-up from the row to the person, "" for people themselves.
    team = my reports, direct or not, and my practice (domain.md, Who may do what).
    """
    if scope is Scope.ALL:
        return Q()
    start = f"{path}__" if path else ""
    mine = Q(**{f"{path or 'pk'}": user.pk})
    if scope < Scope.SELF:
        return Q(pk__in=[])
    if scope < Scope.TEAM:
        return mine
    team = Q(**{f"{path or 'pk'}__in": report_ids(user)})
    team |= Q(**{f"{start}practice__manager": user})
    if user.practice_id is not None:
        team |= Q(**{f"{start}practice": user.practice_id})
    return mine | team


def time_off_within(user: User, action: Action) -> TimeOffQuerySet:
    """Return the time off that the person's roles reach with this action."""
    scope = scope_for(user.role_set, action)
    return TimeOff.objects.filter(person_condition(user, scope, "person"))


def coming_time_off(person: User, today: date) -> TimeOffQuerySet:
    """Return what counts of a person and is not over, the next first."""
    rows = TimeOff.objects.counting().filter(person=person, ends_on__gte=today)
    return rows.select_related("deputy").order_by("starts_on", "pk")


def away_between(person: User, first: date, last: date) -> TimeOffQuerySet:
    """Return what counts of a person and touches these days."""
    rows = TimeOff.objects.counting().filter(person=person)
    return rows.filter(starts_on__lte=last, ends_on__gte=first).order_by("starts_on")


def stands_in_for(person: User, first: date, last: date | None) -> TimeOffQuerySet:
    """Return the time off of others that names the person as deputy."""
    rows = TimeOff.objects.counting().filter(deputy=person, ends_on__gte=first)
    if last is not None:
        rows = rows.filter(starts_on__lte=last)
    return rows.select_related("person").order_by("starts_on", "pk")


def approver_ids(people: Iterable[User]) -> dict[int, list[int]]:
    """Return who is asked to approve the time off of each of these people.

    Two queries for all; the practices of the people should be fetched already.
    """
    people = list(people)
    if not people:
        return {}
    roles = _approver_roles()
    managers = dict(User.objects.order_by().values_list("pk", "manager_id"))
    return {
        person.pk: approvers_of(person, managers=managers, roles=roles)
        for person in people
    }


def _approver_roles() -> dict[int, set[Role]]:
    grants = RoleGrant.objects.filter(role__in=APPROVER_ROLES, user__is_active=True)
    held: dict[int, set[Role]] = defaultdict(set)
    for user_id, role in grants.order_by().values_list("user_id", "role"):
        held[user_id].add(Role(role))
    return dict(held)


def approvers_now(person: User, now: datetime) -> list[User]:
    """Return who is to be told now that this person's time off waits for approval.

    R-23: of an approver who is away whoever stands in; never the person, and nobody
    who is away.
    """
    ids = approver_ids([person])[person.pk]
    asked = list(User.objects.filter(pk__in=ids).order_by("pk"))
    away = stand_ins(now, asked)
    found = {one.pk: away.get(one.pk, one) for one in asked}
    here = {one.pk: one for one in found.values() if one is not None}
    here.pop(person.pk, None)
    return [here[pk] for pk in sorted(here)]


@dataclass(frozen=True)
class Decider:
    """Who may decide, and for whom: None for the own right."""

    by: User
    on_behalf_of: User | None = None


def decider_of(user: User, person: User, now: datetime) -> Decider | None:
    """Return the right of somebody to decide a person's time off, None without one.

    R-23: whoever stands in for an approver who is away decides in their place.
    Nobody decides their own.
    """
    if user.pk == person.pk:
        return None
    if _may_approve(user, person):
        return Decider(user)
    absent = User.objects.filter(pk__in=deputised_by(user, now)).order_by("pk")
    for principal in absent.prefetch_related("role_grants"):
        if principal != person and _may_approve(principal, person):
            return Decider(user, principal)
    return None


def _may_approve(user: User, person: User) -> bool:
    scope = scope_for(user.role_set, Action.TIME_OFF_APPROVE)
    if scope < Scope.TEAM:
        return False
    within = User.objects.filter(person_condition(user, scope, ""))
    return within.filter(pk=person.pk).exists()


@dataclass(frozen=True)
class Request:
    """Time off that waits for the reader; `on_behalf_of` is who is away."""

    time_off: TimeOff
    on_behalf_of: int | None


def requests_for(user: User, now: datetime) -> list[Request]:
    """Return the time off that waits for this person's decision, longest first.

    A constant number of queries, none for who approves nothing and stands in for
    nobody.
    """
    asked: list[int] = [user.pk] if _is_approver(user) else []
    asked += deputised_by(user, now)
    if not asked:
        return []
    pending = TimeOff.objects.filter(
        state=TimeOffState.REQUESTED, person__is_active=True
    ).exclude(person=user)
    told = pending.select_related("person__practice").only(*SHOWN)
    rows = list(told.order_by("requested_at"))
    approvers = approver_ids(row.person for row in rows)
    found = ((row, _first(asked, approvers[row.person_id])) for row in rows)
    return [
        Request(row, None if principal == user.pk else principal)
        for row, principal in found
        if principal is not None and principal != row.person_id
    ]


def _is_approver(user: User) -> bool:
    return scope_for(user.role_set, Action.TIME_OFF_APPROVE) >= Scope.TEAM


def _first(wanted: Iterable[int], among: Collection[int]) -> int | None:
    return next((pk for pk in wanted if pk in among), None)


@dataclass(frozen=True)
class TimeOffFilter:
    """What the list of time off is narrowed to; nothing chosen: what waits."""

    text: str = ""
    show: str = ""
    practice_id: int | None = None


def time_off_matching(
    rows: TimeOffQuerySet, wanted: TimeOffFilter, *, today: date
) -> TimeOffQuerySet:
    """Narrow time off to names, a practice and states; fetch what a row shows."""
    for word in wanted.text.split():
        rows = rows.filter(
            Q(person__first_name__icontains=word)
            | Q(person__last_name__icontains=word)
            | Q(person__username__icontains=word)
        )
    if wanted.practice_id:
        rows = rows.filter(person__practice_id=wanted.practice_id)
    return _shown(rows, wanted.show, today).select_related(
        "person__practice", "person__manager", "deputy"
    )


def _shown(rows: TimeOffQuerySet, show: str, today: date) -> TimeOffQuerySet:
    match show:
        case "coming":
            return rows.counting().filter(ends_on__gte=today)
        case "all":
            return rows
        case TimeOffState.REFUSED:
            return rows.filter(state=TimeOffState.REFUSED)
        case _:
            return rows.filter(state=TimeOffState.REQUESTED)
