"""Whose hours somebody reaches, and the loaders that check it."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from engagements.access import engagement_condition, rights_of
from engagements.models import Engagement, TeamMember
from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.away import deputised_by
from psdelivery.people.choices import EngagementRole
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.people.queries import pools_of
from scheduling.models import HoursPart, HoursWeek
from scheduling.queries.hours import PART_NEEDS, entries_in_order
from scheduling.queries.hours_approval import approvable_by, asked_of
from scheduling.rules.hours_approval import Decider
from scheduling.services.hours.approving import Deciding


def get_week(request: SignedInRequest, pk: int) -> HoursWeek:
    """Load a week of the reader; everybody else's is not there (Http404)."""
    rows = HoursWeek.objects.select_related("person__manager", "person__region")
    found = rows.filter(pk=pk, person=request.user).first()
    if found is None:
        raise Http404(_("There is no such week."))
    return found


def visible_parts(user: User, now: datetime) -> QuerySet[HoursPart]:
    """Return the hours that somebody may read: the own, and those they decide or see.

    Who works on an engagement sees what is planned and left of it, and not what the
    others have told (domain.md, "Who may do what").
    """
    near = Q(week__person=user) | asked_of(user, now) | approvable_by(user)
    if sees_people(user):
        near |= within(user, Action.ACTUALS_SEE)
    return HoursPart.objects.filter(near)


def within(user: User, action: Action) -> Q:
    """Return the condition for hours that the roles reach, to stand in an "or"."""
    scope = scope_for(user.role_set, action)
    if scope >= Scope.ALL:
        # An empty condition would say nothing there.
        return Q(pk__isnull=False)
    return engagement_condition(user, scope, "engagement")


def sees_people(user: User) -> bool:
    """Tell whether somebody sees who worked how long, not only the sums."""
    return scope_for(user.role_set, Action.PORTFOLIO_SEE) is not Scope.NONE


def get_part(request: SignedInRequest, pk: int) -> HoursPart:
    """Load hours of an engagement in a week; Http404 for those out of reach."""
    rows = visible_parts(request.user, clock.now()).select_related(
        *PART_NEEDS, "engagement__paper", "week__person__manager"
    )
    found = rows.prefetch_related(entries_in_order()).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There are no such hours."))
    return found


def get_part_to_decide(request: SignedInRequest, pk: int) -> HoursPart:
    """Load hours for who approves any on the engagement; PermissionDenied for others.

    The own are loaded too: which of them somebody decides, and that nobody approves
    the own, is said by the rule.
    """
    user = request.user
    part = get_part(request, pk)
    mine = asked_of(user, clock.now()) | Q(week__person=user)
    near = within(user, Action.ACTUALS_APPROVE)
    if HoursPart.objects.filter(near | mine, pk=pk).exists():
        return part
    raise PermissionDenied(_("Your role does not include this."))


def deciding_of(user: User, now: datetime) -> Deciding:
    """Return somebody as who decides hours: own right, or in place of who is away."""
    absent = frozenset(deputised_by(user, now))
    pools = frozenset(pools_of(user))

    def right(part: HoursPart) -> Decider:
        return decider_of(user, part, absent, pools)

    def principal(part: HoursPart) -> User | None:
        is_absent = part.approver_id in absent and part.approver_id != user.pk
        return part.approver if is_absent else None

    return Deciding(by=user, right=right, now=now, on_behalf_of=principal)


def decider_of(
    user: User, part: HoursPart, absent: Collection[int], pools: Collection[int]
) -> Decider:
    """Return as what somebody decides the hours of one engagement (R-23)."""
    is_asked = part.approver_id == user.pk or part.approver_id in absent
    engagement = part.engagement
    return Decider(
        roles=roles_that_approve(user, engagement),
        is_own=part.week.person_id == user.pk,
        is_named=is_asked or part.pool_id in pools,
        is_pm=is_pm_of(user, engagement),
    )


def roles_that_approve(user: User, engagement: Engagement) -> frozenset[str]:
    """Return the roles of somebody that reach the engagement to approve its hours."""
    near = rights_of(user, engagement).near
    return frozenset(
        role
        for role in user.role_set
        if scope_for([role], Action.ACTUALS_APPROVE) >= near
    )


def is_pm_of(user: User, engagement: Engagement) -> bool:
    members = TeamMember.objects.filter(engagement=engagement, person=user)
    return members.filter(role=EngagementRole.PM).exists()
