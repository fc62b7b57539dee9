"""The engagements whose team somebody is on, told before they leave (R-23)."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from engagements.access import visible_engagements
from engagements.choices import OPEN_STATUSES
from engagements.models import TeamMember
from psdelivery.people.models import User
from psdelivery.registry import Absentee, Held, HeldItem

SHOWN = 20


def held_engagements(absentee: Absentee, viewer: User, now: datetime) -> Sequence[Held]:
    """Return the running engagements of somebody who leaves, with the role there."""
    if not absentee.is_leaving:
        return []
    members = TeamMember.objects.filter(
        person=absentee.person, engagement__status__in=OPEN_STATUSES
    )
    goes_to = _("They stay on the team until somebody else is named there.")
    items = [_item(member) for member in _seen_by(viewer, members)[:SHOWN]]
    return [Held(_("Running engagements"), members.count(), items, goes_to)]


def _seen_by(viewer: User, members: QuerySet[TeamMember]) -> QuerySet[TeamMember]:
    seen = visible_engagements(viewer).order_by().values("pk")
    rows = members.filter(engagement__in=seen).select_related("engagement__customer")
    return rows.order_by("engagement__customer__name", "pk")


def _item(member: TeamMember) -> HeldItem:
    engagement = member.engagement
    url = engagement.get_absolute_url()
    return HeldItem(str(engagement), url, member.get_role_display())
