"""Which engagements lie in a person's scope, and the loaders that check it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from psdelivery.people.queries import pools_of, report_ids

from engagements.models import Engagement, TeamMember
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step


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
    key = f"{path}__in" if path else "pk__in"
    mine = Q(**{key: engagements_with_steps_of(user)})
    if scope >= Scope.OWN:
        mine |= Q(**{key: engagements_with_member(Q(person=user))})
    if scope >= Scope.TEAM:
        mine |= team_condition(user, path, key)
    return mine


def engagements_with_member(condition: Q) -> QuerySet[TeamMember, int]:
    """Return the ids of engagements with such a member, as a subquery."""
    members = TeamMember.objects.filter(condition)
    return members.order_by().values("engagement")


def engagements_with_steps_of(user: User) -> QuerySet[Step, int | None]:
    """Return the ids of engagements where the person or a pool of theirs owns a step."""
    owned = Q(assignee=user) | Q(pool__in=pools_of(user))
    steps = Step.objects.filter(owned, engagement__isnull=False)
    return steps.order_by().values("engagement")


def team_condition(user: User, path: str, key: str) -> Q:
    """Return what the scope "team" adds: my reports, or my practice."""
    practice = f"{path}__practice" if path else "practice"
    reports = Q(person__in=report_ids(user))
    condition = Q(**{key: engagements_with_member(reports)})
    condition |= Q(**{f"{practice}__manager": user})
    if user.practice_id is not None:
        condition |= Q(**{practice: user.practice_id})
        members = Q(person__practice=user.practice_id)
        condition |= Q(**{key: engagements_with_member(members)})
    return condition


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
    if scope >= Scope.ALL:
        return True
    return (
        Engagement.objects.filter(pk=engagement.pk)
        .filter(engagement_condition(user, scope, ""))
        .exists()
    )


def get_engagement(request: HttpRequest, pk: int) -> Engagement:
    """Load an engagement for the view at hand.

    Raises Http404 for one that the person may not see, PermissionDenied for one
    that they see but may not treat in this way.
    """
    access: Any = request.access  # type: ignore[attr-defined]  # set by middleware
    user: Any = request.user
    engagement = (
        visible_engagements(user)
        .select_related("customer", "region", "practice__manager", "paper")
        .select_related("checklist", "main_contact")
        .filter(pk=pk)
        .first()
    )
    if engagement is None:
        raise Http404(_("There is no such engagement."))
    if not may(user, access.action, engagement):
        raise PermissionDenied(_("Your role does not include this."))
    return engagement
