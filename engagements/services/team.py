"""Who is on the engagement; steps follow the holders of their roles."""

from copy import copy
from datetime import datetime

from django.db import transaction

from engagements.choices import Booking
from engagements.events import TeamChanged
from engagements.models import Engagement, TeamMember
from engagements.owners import owners_of
from engagements.queries import gate_for
from engagements.registry import bookings
from engagements.rules.gate import (
    begins_work,
    reasons_against_hard_booking,
    reasons_against_soft_booking,
    reasons_before_first_day,
)
from engagements.rules.risk import (
    BookedHours,
    enlarges,
    reasons_against_risky_booking,
)
from engagements.rules.team import reasons_against_person, reasons_against_role
from engagements.services.gate import lock_engagement
from engagements.settings import SOFT_FROM_STAGE
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.people.register import portal_settings
from psdelivery.people.services.changes import one_transaction
from psdelivery.playbooks.services.checklists import change_owners
from psdelivery.registry import Reason, RuleRefused, reactions


def reasons_against_member(
    member: TeamMember, stored: TeamMember | None, now: datetime
) -> list[Reason]:
    """Return what stands against a team member: the gate (R-2), or the role itself."""
    others = TeamMember.objects.filter(engagement=member.engagement, role=member.role)
    return [
        *reasons_against_booking(member, stored, now),
        *reasons_against_person(member),
        *reasons_against_role(member, list(others.exclude(pk=member.pk))),
    ]


def reasons_against_booking(
    member: TeamMember, stored: TeamMember | None, now: datetime
) -> list[Reason]:
    """R-2: ask the gate before a hard booking, the stage before a soft one.

    A hard booking that stood before stays whatever became of the gate, and may be
    made soft at any stage.
    """
    was_hard = stored is not None and stored.booking == Booking.HARD
    if member.booking == Booking.HARD:
        return reasons_against_booking_hard(member, stored, now)
    if member.booking == Booking.SOFT and not was_hard:
        from_stage = portal_settings()[SOFT_FROM_STAGE]
        return reasons_against_soft_booking(member.engagement, from_stage=from_stage)
    return []


def reasons_against_booking_hard(
    member: TeamMember, stored: TeamMember | None, now: datetime
) -> list[Reason]:
    """R-2, R-3: the gate, the first delivery day once it has come, and the cap."""
    gate = gate_for(member.engagement, now)
    today = local_day(now, member.engagement.customer.zone)
    reasons = []
    if begins_work(member, stored, today=today):
        reasons += reasons_before_first_day(gate)
    if enlarges(member, stored):
        others = bookings.hard_hours(member.engagement, without=member)
        hours = BookedHours(member.hours, others)
        reasons += reasons_against_hard_booking(gate)
        reasons += reasons_against_risky_booking(gate, hours)
    return reasons


def add_member(member: TeamMember, *, by: User | None, now: datetime) -> TeamMember:
    """Put a person, or the reason for nobody, into a role; steps of it follow.

    Raises RuleRefused for a hard booking before the gate is open (R-2).
    """
    with one_transaction():
        return save_member(member, "team-member-added", by=by, now=now)


def change_member(member: TeamMember, *, by: User | None, now: datetime) -> TeamMember:
    """Change a team member; raises RuleRefused as `add_member` does."""
    with one_transaction():
        return save_member(member, "team-member-changed", by=by, now=now)


def save_member(
    member: TeamMember, verb: str, *, by: User | None, now: datetime
) -> TeamMember:
    """Refuse, save, write the history, let the steps follow."""
    if member.booking == Booking.HARD:
        lock_engagement(member.engagement)
    stored = TeamMember.objects.filter(pk=member.pk).first()
    reasons = reasons_against_member(member, stored, now)
    if reasons:
        raise RuleRefused(reasons)
    member.save()
    record_member(member, verb, before=stored, after=member, by=by, now=now)
    follow_team(member.engagement, by=by, now=now)
    return member


def book_member(
    wanted: TeamMember, *, by: User | None, reason: str = "", now: datetime
) -> None:
    """Let the team say how somebody is booked; inside the caller's transaction.

    The schedule decides over bookings and asks the gate itself; here stand their sum
    and first day, which R-2, R-3 and R-5 count. Who is booked and not on the team yet
    joins it, and takes the place of the reason for nobody.
    """
    members = TeamMember.objects.filter(
        engagement=wanted.engagement, role=wanted.role
    ).order_by("pk")
    stored = members.filter(person=wanted.person).first()
    if booking_facts(stored) == booking_facts(wanted):
        return
    member = stored or members.filter(person=None).first() or wanted
    before = copy(member) if member.pk else None
    member.person, member.none_reason = wanted.person, ""
    for name, value in booking_facts(wanted).items():
        setattr(member, name, value)
    member.save()
    verb = "team-member-changed" if before else "team-member-added"
    record_member(
        member, verb, before=before, after=member, by=by, reason=reason, now=now
    )
    follow_team(wanted.engagement, by=by, now=now)


@transaction.atomic
def remove_member(
    member: TeamMember, *, by: User, reason: str = "", now: datetime
) -> None:
    """Take somebody off the team; open steps go to who stands in (R-23)."""
    verb = "team-member-removed"
    record_member(
        member, verb, before=member, after=None, by=by, reason=reason, now=now
    )
    member.delete()
    follow_team(member.engagement, by=by, now=now)


def record_member(
    member: TeamMember,
    verb: str,
    *,
    before: TeamMember | None,
    after: TeamMember | None,
    by: User | None,
    reason: str = "",
    now: datetime,
) -> None:
    """Write a change of the team into the history: who held the role, who holds it."""
    old, new = booking_facts(before), booking_facts(after)
    changes = {name: [old[name], new[name]] for name in old if old[name] != new[name]}
    record(
        verb,
        by=by,
        subject=member.engagement,
        engagement=member.engagement,
        changes={str(member.role): [holder_of(before), holder_of(after)], **changes},
        reason=reason,
        now=now,
    )


def holder_of(member: TeamMember | None) -> object:
    """Return the person in the role, or the reason for nobody."""
    return (member.person or member.none_reason) if member else None


def booking_facts(member: TeamMember | None) -> dict[str, object]:
    """Return what else a change of the team may change."""
    if member is None:
        return {"booking": "", "first_day": None, "hours": None}
    return {
        "booking": member.booking,
        "first_day": member.first_day,
        "hours": member.hours,
    }


def follow_team(engagement: Engagement, *, by: User | None, now: datetime) -> None:
    """Give the open steps to the present holders of their roles."""
    if engagement.checklist is not None:
        change_owners(engagement.checklist, owners_of(engagement), by=by, now=now)
    reactions.publish(TeamChanged(engagement=engagement, by=by, now=now))
