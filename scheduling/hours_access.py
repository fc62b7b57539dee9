"""Whose hours somebody reaches, and the loaders that check it."""

from collections.abc import Collection
from datetime import datetime

from django.http import Http404
from django.utils.translation import gettext as _

from engagements.access import rights_of
from engagements.models import Engagement, TeamMember
from psdelivery.access import Action, scope_for
from psdelivery.people.away import deputised_by
from psdelivery.people.choices import EngagementRole
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.people.queries import pools_of
from scheduling.models import HoursPart, HoursWeek
from scheduling.rules.hours_approval import Decider
from scheduling.services.hours.approving import Deciding


def get_week(request: SignedInRequest, pk: int) -> HoursWeek:
    """Load a week of the reader; everybody else's is not there (Http404)."""
    rows = HoursWeek.objects.select_related("person__manager", "person__region")
    found = rows.filter(pk=pk, person=request.user).first()
    if found is None:
        raise Http404(_("There is no such week."))
    return found


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
