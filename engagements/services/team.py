"""Who is on the engagement; steps follow the holders of their roles."""

from collections.abc import Mapping
from copy import copy
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from engagements.choices import Booking, BookingChoice
from engagements.events import TeamChanged
from engagements.models import Engagement, TeamMember
from engagements.owners import owners_of
from engagements.queries import gate_for
from engagements.registry import Booked, Settling, bookings
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
from engagements.rules.team import (
    reasons_against_person,
    reasons_against_removing,
    reasons_against_replacing,
    reasons_against_role,
)
from engagements.services.gate import lock_engagement
from engagements.settings import SOFT_FROM_STAGE
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.people.register import portal_settings
from psdelivery.people.services.changes import one_transaction
from psdelivery.playbooks.services.checklists import change_owners
from psdelivery.registry import Reason, reactions, refuse


def reasons_against_member(member: TeamMember) -> list[Reason]:
    """Return what stands against a team member: the person, or the role."""
    others = TeamMember.objects.filter(engagement=member.engagement, role=member.role)
    return [
        *reasons_against_person(member),
        *reasons_against_role(member, list(others.exclude(pk=member.pk))),
    ]


def reasons_against_booking(
    member: TeamMember, stored: TeamMember | None, others: Decimal, now: datetime
) -> list[Reason]:
    """R-2: ask the gate before a hard booking, the stage before a soft one.

    `member` says how somebody would be booked in the role, `stored` how they are;
    `others` are the hours booked hard on the engagement beside (R-3). A hard booking
    that stood before stays whatever became of the gate, and may be made soft at any
    stage.
    """
    was_hard = stored is not None and stored.booking == Booking.HARD
    if member.booking == Booking.HARD:
        return reasons_against_booking_hard(member, stored, others, now)
    if member.booking == Booking.SOFT and not was_hard:
        from_stage = portal_settings()[SOFT_FROM_STAGE]
        return reasons_against_soft_booking(member.engagement, from_stage=from_stage)
    return []


def reasons_against_booking_hard(
    member: TeamMember, stored: TeamMember | None, others: Decimal, now: datetime
) -> list[Reason]:
    """R-2, R-3: the gate, the first delivery day once it has come, and the cap."""
    gate = gate_for(member.engagement, now)
    today = local_day(now, member.engagement.customer.zone)
    reasons = []
    if begins_work(member, stored, today=today):
        reasons += reasons_before_first_day(gate)
    if enlarges(member, stored):
        hours = BookedHours(member.hours, others)
        reasons += reasons_against_hard_booking(gate)
        reasons += reasons_against_risky_booking(gate, hours)
    return reasons


def add_member(member: TeamMember, *, by: User | None, now: datetime) -> TeamMember:
    """Put a person, or the reason for nobody, into a role; steps of it follow.

    Raises RuleRefused where person or role stand against it.
    """
    with one_transaction():
        return save_member(member, "team-member-added", by=by, now=now)


def change_member(member: TeamMember, *, by: User | None, now: datetime) -> TeamMember:
    """Change a team member; raises RuleRefused as `add_member` does.

    Who has bookings to come is not simply replaced: that is a handover.
    """
    with one_transaction():
        lock_engagement(member.engagement)
        stored = TeamMember.objects.select_related("person").get(pk=member.pk)
        if stored.person_id != member.person_id:
            refuse(reasons_against_replacing(stored, bookings_of(stored, now)))
        return save_member(member, "team-member-changed", by=by, now=now)


def bookings_of(member: TeamMember, now: datetime) -> list[Booked]:
    """Return the bookings to come of a person in the role."""
    return [
        one
        for one in bookings.to_come(member.engagement, now)
        if one.person is not None
        and (one.person.pk, one.role) == (member.person_id, member.role)
    ]


def save_member(
    member: TeamMember, verb: str, *, by: User | None, now: datetime
) -> TeamMember:
    """Refuse, save, write the history, let the steps follow.

    How somebody is booked is the schedule's to say: another person in the role begins
    without any booking.
    """
    refuse(reasons_against_member(member))
    stored = TeamMember.objects.filter(pk=member.pk).first()
    if stored is not None and stored.person_id != member.person_id:
        put_booking(member, booking_facts(None))
    member.save()
    record_member(member, verb, before=stored, after=member, by=by, now=now)
    follow_team(member.engagement, by=by, now=now)
    return member


def put_booking(member: TeamMember, facts: Mapping[str, object]) -> None:
    """Say on the row how somebody is booked, without saving it."""
    for name, value in facts.items():
        setattr(member, name, value)


def book_member(
    wanted: TeamMember,
    *,
    joins: bool = True,
    by: User | None,
    reason: str = "",
    now: datetime,
) -> None:
    """Let the team say how somebody is booked; inside the caller's transaction.

    The schedule decides over bookings and asks the gate itself; here stand their sum
    and first day, which R-2, R-3 and R-5 count. Who is booked and not on the team yet
    joins it, and takes the place of the reason for nobody; without `joins`, what is
    left of the bookings of somebody who went brings nobody back.
    """
    members = TeamMember.objects.filter(
        engagement=wanted.engagement, role=wanted.role
    ).order_by("pk")
    stored = members.filter(person=wanted.person).first()
    is_same = booking_facts(stored) == booking_facts(wanted)
    if is_same or (stored is None and not joins):
        return
    member = stored or members.filter(person=None).first() or wanted
    before = copy(member) if member.pk else None
    member.person, member.none_reason = wanted.person, ""
    put_booking(member, booking_facts(wanted))
    member.save()
    verb = "team-member-changed" if before else "team-member-added"
    record_member(
        member, verb, before=before, after=member, by=by, reason=reason, now=now
    )
    follow_team(wanted.engagement, by=by, now=now)


@transaction.atomic
def remove_member(
    member: TeamMember,
    *,
    releases: bool = False,
    by: User,
    reason: str = "",
    now: datetime,
) -> TeamMember:
    """Take somebody off the team; open steps go to who stands in (R-23).

    Raises RuleRefused for somebody with bookings to come, unless the caller
    `releases` them and says why; what was worked stays.
    """
    lock_engagement(member.engagement)
    booked = bookings_of(member, now)
    refuse(reasons_against_removing(member, booked, releases=releases, reason=reason))
    choices = {one.key: BookingChoice.RELEASE.value for one in booked}
    settling = Settling(by=by, reason=reason, now=now)
    bookings.settle(member.engagement, choices, settling)
    member.refresh_from_db()
    verb = "team-member-removed"
    record_member(
        member, verb, before=member, after=None, by=by, reason=reason, now=now
    )
    member.delete()
    follow_team(member.engagement, by=by, now=now)
    return member


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
