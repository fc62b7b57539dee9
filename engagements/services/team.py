"""Who is on the engagement; steps follow the holders of their roles."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.choices import Booking
from engagements.events import TeamChanged
from engagements.models import Engagement, TeamMember
from engagements.owners import owners_of
from engagements.queries import gate_for
from engagements.rules.gate import reasons_against_hard_booking
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.playbooks.services.checklists import change_owners
from psdelivery.registry import Reason, RuleRefused, reactions


def reasons_against_member(member: TeamMember) -> list[Reason]:
    """Return what stands against a team member: the gate (R-2), or having left."""
    reasons = []
    if member.booking == Booking.HARD:
        reasons += reasons_against_hard_booking(gate_for(member.engagement))
    if member.person is not None and not member.person.is_active:
        sentence = _("%(person)s has left.") % {"person": member.person}
        reasons.append(Reason("left", sentence))
    return reasons


@transaction.atomic
def add_member(member: TeamMember, *, by: User | None, now: datetime) -> TeamMember:
    """Put a person, or the reason for nobody, into a role; steps of it follow.

    Raises RuleRefused for a hard booking before the gate is open (R-2).
    """
    return save_member(member, "team-member-added", by=by, now=now)


@transaction.atomic
def change_member(member: TeamMember, *, by: User | None, now: datetime) -> TeamMember:
    """Change a team member; raises RuleRefused as `add_member` does."""
    return save_member(member, "team-member-changed", by=by, now=now)


def save_member(
    member: TeamMember, verb: str, *, by: User | None, now: datetime
) -> TeamMember:
    """Refuse, save, write the history, let the steps follow."""
    reasons = reasons_against_member(member)
    if reasons:
        raise RuleRefused(reasons)
    member.save()
    record_member(verb, member, by=by, now=now)
    follow_team(member.engagement, by=by, now=now)
    return member


@transaction.atomic
def remove_member(
    member: TeamMember, *, by: User, reason: str = "", now: datetime
) -> None:
    """Take somebody off the team; open steps go to who stands in (R-23)."""
    engagement = member.engagement
    record_member("team-member-removed", member, by=by, reason=reason, now=now)
    member.delete()
    follow_team(engagement, by=by, now=now)


def record_member(
    verb: str,
    member: TeamMember,
    *,
    by: User | None,
    reason: str = "",
    now: datetime,
) -> None:
    """Write a change of the team into the history."""
    holder = {"person": member.person_id} if member.person_id else member.none_reason
    record(
        verb,
        by=by,
        subject=member.engagement,
        engagement=member.engagement,
        changes={str(member.role): ["", holder]},
        reason=reason,
        now=now,
    )


def follow_team(engagement: Engagement, *, by: User | None, now: datetime) -> None:
    """Give the open steps to the present holders of their roles."""
    if engagement.checklist is not None:
        change_owners(engagement.checklist, owners_of(engagement), by=by, now=now)
    reactions.publish(TeamChanged(engagement=engagement, by=by, now=now))
