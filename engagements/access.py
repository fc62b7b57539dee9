"""Which engagements lie in a person's scope, and the loaders that check it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db.models import (
    Case,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from engagements.models import Engagement, Offering, TeamMember
from engagements.rules.status import Move, roles_that_move
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.models import Practice, User
from psdelivery.people.queries import report_ids
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.queries import owned_by
from psdelivery.registry import reach


def engagement_condition(user: User, scope: int, path: str) -> Q:
    """Return the condition for rows whose engagement lies in the scope.

    `path` is the look-up from the row to its engagement, "" for engagements
    themselves. own = on the team or owning a step; team = own, and those that my
    reports (direct or not) or my practice are on (domain.md, Who may do what).
    """
    if scope >= Scope.ALL:
        return Q()
    if scope < Scope.OWN_STEPS:
        return Q(pk__in=[])
    return Q(**{f"{path or 'pk'}__in": engagements_near(user, scope)})


def engagements_near(user: User, scope: int) -> QuerySet[Any, Any]:
    """Return the ids of the engagements of a scope below "all", as one subquery.

    One for all the ways to be near: the database then begins with the few rows that
    name the person. Conditions joined by "or" let it look at each row of a table.
    """
    ways: list[QuerySet[Any, Any]] = []
    if scope >= Scope.OWN:
        members = TeamMember.objects.filter(person__in=people_near(user, scope))
        ways.append(members.order_by().values("engagement"))
    if scope >= Scope.TEAM:
        own = Engagement.objects.filter(practice__in=practices_near(user))
        ways.append(own.order_by().values("pk"))
    return engagements_with_steps_of(user).union(*ways, all=True)


def engagements_with_steps_of(user: User) -> QuerySet[Step, Any]:
    """Return the ids of engagements where the person or their pool owns a step.

    Those of who they stand in for count too, while it lasts (R-23).
    """
    steps = Step.objects.filter(owned_by(user), engagement__isnull=False)
    return steps.order_by().values("engagement")


def people_near(user: User, scope: int) -> QuerySet[User, Any]:
    """Return the ids of those whose engagements are near: mine, or my team's."""
    people = Q(pk=user.pk)
    if scope >= Scope.TEAM:
        people |= Q(pk__in=report_ids(user))
    if scope >= Scope.TEAM and user.practice_id is not None:
        people |= Q(practice=user.practice_id)
    return User.objects.filter(people).order_by().values("pk")


def practices_near(user: User) -> QuerySet[Practice, Any]:
    """Return the ids of the practices that I manage, and of mine."""
    near = Practice.objects.filter(Q(manager=user) | Q(pk=user.practice_id))
    return near.order_by().values("pk")


def visible_engagements(
    user: User, action: Action = Action.ENGAGEMENT_SEE
) -> QuerySet[Engagement]:
    """Return the engagements that the person's roles reach with this action."""
    scope = scope_for(user.role_set, action)
    return Engagement.objects.filter(engagement_condition(user, scope, ""))


def may(user: User, action: Action, engagement: Engagement) -> bool:
    """Tell whether the person's roles reach this engagement with the action."""
    scope = scope_for(user.role_set, action)
    if scope in {Scope.NONE, Scope.SELF}:
        return False
    return scope >= Scope.ALL or reach.covers(user, scope, engagement)


def engagements_reached(user: User, action: Action) -> RawSQL | None:
    """Return the ids of engagements within reach of the action; None for all.

    Written once for a page that asks for several numbers: writing the condition
    takes Django longer than answering it takes the database.
    """
    if scope_for(user.role_set, action) >= Scope.ALL:
        return None
    reached = visible_engagements(user, action).order_by().values("pk")
    # Made by Django, with every value as a parameter.
    return RawSQL(*reached.query.sql_with_params())  # noqa: S611


@dataclass(frozen=True)
class Rights:
    """What a person may do with one engagement: their roles, and how near it is.

    `near` is the narrowest scope that reaches the engagement: it is read when an
    action asks for it, and once, so that every other is answered without a query.
    """

    roles: frozenset[str]
    read_near: Callable[[], int]

    @cached_property
    def near(self) -> int:
        return self.read_near()

    def may(self, action: Action) -> bool:
        """Tell whether the roles reach the engagement with the action."""
        scope = scope_for(self.roles, action)
        if scope in {Scope.NONE, Scope.SELF}:
            return False
        return scope >= Scope.ALL or scope >= self.near

    @property
    def may_tick_all(self) -> bool:
        """Whether the roles tick all its steps, not only those that are their own."""
        scope = scope_for(self.roles, Action.STEP_TICK)
        return scope >= max(self.near, Scope.OWN)

    def may_make(self, move: Move) -> bool:
        """R-1: tell whether a role of the row's "who" reaches the engagement."""
        movers = roles_that_move(self.roles, move)
        return scope_for(movers, Action.STATUS_MOVE) >= self.near


def with_value_right(
    engagements: QuerySet[Engagement], user: User
) -> QuerySet[Engagement]:
    """Annotate `sees_value`: whether the person may see what the row is worth.

    `engagements` are those that the person may see at all.
    """
    scope = scope_for(user.role_set, Action.VALUE_SEE)
    if scope >= scope_for(user.role_set, Action.ENGAGEMENT_SEE):
        return engagements.annotate(sees_value=Value(True))
    return engagements.annotate(
        sees_value=Case(
            When(engagement_condition(user, scope, ""), then=Value(True)),
            default=Value(False),
        )
    )


def nearness(user: User, path: str = "") -> Case:
    """Return the narrowest scope that reaches an engagement, as an expression.

    It asks about the engagement of the row, for pages of one: unlike
    `engagements_near`, which says the same of all. `path` is the look-up from the row
    to its engagement.
    """
    here = OuterRef(path or "pk")
    members = TeamMember.objects.filter(engagement=here)
    steps = Step.objects.filter(owned_by(user), engagement=here)
    own, team = (
        Exists(members.filter(person__in=people_near(user, scope)))
        for scope in (Scope.OWN, Scope.TEAM)
    )
    of_practice = f"{path}__practice__in" if path else "practice__in"
    practice = Q(**{of_practice: practices_near(user)})
    return Case(
        When(Exists(steps), then=Value(int(Scope.OWN_STEPS))),
        When(own, then=Value(int(Scope.OWN))),
        When(team | practice, then=Value(int(Scope.TEAM))),
        default=Value(int(Scope.ALL)),
        output_field=IntegerField(),
    )


def rights_of(user: User, engagement: Engagement) -> Rights:
    """Return what the person may do; no query for an engagement from a loader."""
    return Rights(user.role_set, lambda: near_of(user, engagement))


def near_of(user: User, engagement: Engagement) -> int:
    """Return the narrowest scope that reaches the engagement (one query at most)."""
    known: Any = engagement
    if getattr(known, "near_to", None) == user.pk:
        return int(known.near)
    found = Engagement.objects.annotate(near=nearness(user))
    return int(found.values_list("near", flat=True).get(pk=engagement.pk))


def remember_near(user: User, engagement: Any, near: int) -> None:
    """Keep on an engagement that was just loaded how near it is, and to whom."""
    engagement.near, engagement.near_to = near, user.pk


def get_engagement(request: HttpRequest, pk: int) -> Engagement:
    """Load an engagement for the view at hand, with `near` for `rights_of`.

    Raises Http404 for one that the person may not see, PermissionDenied for one
    that they see but may not treat in this way.
    """
    access: Any = request.access  # type: ignore[attr-defined]  # set by middleware
    user = cast(User, request.user)  # the middleware lets nobody else through
    return reached_engagement(user, pk, access.action)


def reached_engagement(user: User, pk: int, action: Action) -> Engagement:
    """Load an engagement for somebody who wants to do this with it, with `near`.

    Raises Http404 and PermissionDenied as `get_engagement` does.
    """
    engagement = (
        Engagement.objects.annotate(near=nearness(user), near_to=Value(user.pk))
        .select_related("customer", "region", "practice__manager", "paper__document")
        .select_related("checklist", "main_contact")
        .filter(pk=pk)
        .first()
    )
    if engagement is None:
        raise Http404(_("There is no such engagement."))
    rights = rights_of(user, engagement)
    if not rights.may(Action.ENGAGEMENT_SEE):
        raise Http404(_("There is no such engagement."))
    if not rights.may(action):
        raise PermissionDenied(_("Your role does not include this."))
    return engagement


def get_member(request: HttpRequest, pk: int, member: int) -> TeamMember:
    """Load somebody on the team of an engagement that the view may treat."""
    engagement = get_engagement(request, pk)
    found = get_object_or_404(
        TeamMember.objects.select_related("person"), pk=member, engagement=engagement
    )
    found.engagement = engagement
    return found


def get_offering(pk: int) -> Offering:
    """Load an offering; the catalogue is all or nothing."""
    return get_object_or_404(Offering, pk=pk)
