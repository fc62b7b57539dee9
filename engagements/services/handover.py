"""Hand a role over in the middle of the work, with everything that hangs on it."""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from engagements.choices import Status
from engagements.models import Engagement, TeamMember
from engagements.registry import Booked, Settling, bookings
from engagements.rules.handover import (
    HandoverTask,
    handover_tasks,
    reasons_against_handover,
)
from engagements.rules.team import words_of_booked
from engagements.services.gate import lock_engagement
from engagements.services.team import bookings_of, save_member
from psdelivery.calendars import add_business_days
from psdelivery.history.services import record
from psdelivery.outbox.choices import InvitationState, State
from psdelivery.outbox.invitations import (
    Attendee,
    Meeting,
    attendees_of,
    update_invitation,
)
from psdelivery.outbox.models import Invitation, Message
from psdelivery.outbox.services.readers import swap_reader
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.playbooks.choices import Phase
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.adhoc import AdHocStep
from psdelivery.playbooks.services.adhoc import add_step
from psdelivery.playbooks.services.handing import delegate_step
from psdelivery.registry import Reason, refuse

# Mail that somebody may still change: it is not on its way yet.
CHANGEABLE = (State.DRAFT, State.STALE)


@dataclass(frozen=True)
class GoesAlong:
    """What goes to the next person together with a role."""

    steps: list[Step]
    mails: list[Message]
    meetings: list[Invitation]
    bookings: list[Booked]


@dataclass(frozen=True)
class Rebooking:
    """That the bookings go along; `leaves_open`: what does not fit becomes unnamed."""

    leaves_open: bool = False


def goes_along(member: TeamMember, now: datetime) -> GoesAlong:
    """Return what hangs on a role: open steps, drafts, meetings and bookings to come.

    Who stays on the team in another role keeps what belongs to that one, and stays
    invited.
    """
    if member.person is None:
        return GoesAlong([], [], [], [])
    person, engagement = member.person, member.engagement
    steps = Step.objects.open().filter(engagement=engagement, assignee=person)
    booked = bookings_of(member, now)
    if stays_otherwise(member):
        return GoesAlong(list(steps.filter(owner_role=member.role)), [], [], booked)
    mails = engagement.messages.filter(state__in=CHANGEABLE, reply_to=person.email)
    return GoesAlong(
        steps=list(steps.order_by("due_at", "pk")),
        mails=list(mails),
        meetings=meetings_of(engagement, person, now),
        bookings=booked,
    )


def stays_otherwise(member: TeamMember) -> bool:
    """Tell whether the person holds another role on the engagement."""
    others = TeamMember.objects.filter(
        engagement=member.engagement, person=member.person
    )
    return others.exclude(pk=member.pk).exists()


def meetings_of(
    engagement: Engagement, person: User, now: datetime
) -> list[Invitation]:
    """Return the coming meetings that the person is in, or invited others to."""
    coming = engagement.invitations.filter(
        state=InvitationState.ACTIVE, starts_at__gt=now
    )
    return [
        one
        for one in coming.select_related("organizer").order_by("starts_at")
        if one.organizer_id == person.pk or person.email in addresses_in(one)
    ]


def addresses_in(invitation: Invitation) -> set[str]:
    """Return the addresses that were invited."""
    return {one.email for one in attendees_of(invitation)}


@transaction.atomic
def hand_over(
    member: TeamMember,
    to: User,
    *,
    rebooking: Rebooking | None = None,
    reason: str,
    by: User,
    now: datetime,
) -> TeamMember:
    """Give a role to another person, with all that goes along, and a short checklist.

    domain.md, section 2: a change of a person mid-way moves steps, approvals, Reply-To,
    invitations and bookings. Raises RuleRefused without a reason, for bookings that
    nobody wants moved (no `rebooking`), and where the gate (R-2) or the days of the
    next person (R-6) stand against it.
    """
    lock_engagement(member.engagement)
    outgoing, along = member.person, goes_along(member, now)
    refuse(reasons_against_handover(member, to, reason))
    refuse(reasons_against_leaving_bookings(along.bookings, rebooking))
    if outgoing is None:
        return member
    before = copy(member)
    member.person = to
    save_member(member, "team-member-changed", by=by, now=now)
    if rebooking is not None and along.bookings:
        bookings.hand_on(
            before,
            to,
            leaves_open=rebooking.leaves_open,
            settling=Settling(by=by, reason=reason, now=now),
        )
    give_steps(along.steps, outgoing, to, by=by, reason=reason, now=now)
    answer_to(along.mails, outgoing, to)
    for meeting in along.meetings:
        invite_instead(meeting, outgoing, to, member.engagement, by=by, now=now)
    open_tasks(member.engagement, outgoing, to, by=by, now=now)
    record_handover(member, outgoing, along, by=by, reason=reason, now=now)
    return member


def record_handover(
    member: TeamMember,
    outgoing: User,
    along: GoesAlong,
    *,
    by: User,
    reason: str,
    now: datetime,
) -> None:
    """Tell the history who took over, and how much went along."""
    record(
        "role-handed-over",
        by=by,
        subject=member.engagement,
        engagement=member.engagement,
        changes={
            str(member.role): [outgoing, member.person],
            "steps": ["", str(len(along.steps))],
            "drafts": ["", str(len(along.mails))],
            "meetings": ["", str(len(along.meetings))],
            "bookings": ["", str(len(along.bookings))],
        },
        reason=reason,
        now=now,
    )


def reasons_against_leaving_bookings(
    booked: Sequence[Booked], rebooking: Rebooking | None
) -> list[Reason]:
    """Bookings to come go along; only coordination books, others ask for it."""
    if not booked or rebooking is not None:
        return []
    sentence = _("Coordination moves bookings: ask for the change first.")
    return [Reason("booked", f"{words_of_booked(booked)} {sentence}")]


def give_steps(
    steps: Iterable[Step],
    outgoing: User,
    to: User,
    *,
    by: User,
    reason: str,
    now: datetime,
) -> None:
    """Give what did not follow the role: approvals, and steps given by hand."""
    known = [step.pk for step in steps]
    by_hand = Q(is_delegated=True) | Q(playbook_step__isnull=True)
    left = Step.objects.open().filter(by_hand, pk__in=known, assignee=outgoing)
    for step in left:
        delegate_step(step, to, by=by, note=reason, now=now)


def answer_to(mails: Iterable[Message], outgoing: User, to: User) -> None:
    """Let answers to drafts go to the next person, and the copies too."""
    for mail in mails:
        swap_reader(mail, outgoing.email, to.email)


def invite_instead(
    invitation: Invitation,
    outgoing: User,
    to: User,
    engagement: Engagement,
    *,
    by: User,
    now: datetime,
) -> None:
    """Invite the next person instead, under the same UID; the other gets a CANCEL."""
    if invitation.organizer_id == outgoing.pk:
        invitation.organizer = to
    staying = [
        one
        for one in attendees_of(invitation)
        if one.email not in {outgoing.email, to.email}
    ]
    meeting = Meeting(
        kind=invitation.kind,
        title=invitation.title,
        starts_at=invitation.starts_at,
        ends_at=invitation.ends_at,
        zone=invitation.zone,
        attendees=[*staying, Attendee(to.display_name, to.email, to.pk)],
        description=invitation.description,
        location=invitation.location,
    )
    update_invitation(invitation, meeting, engagement=engagement, by=by, now=now)


def open_tasks(
    engagement: Engagement, outgoing: User, to: User, *, by: User, now: datetime
) -> None:
    """Open the short handover checklist, each task with its person and day."""
    if engagement.checklist is None:
        return
    for task in handover_tasks():
        asked = task_step(task, engagement, outgoing, to, now)
        add_step(engagement.checklist, asked, by=by, now=now)


def task_step(
    task: HandoverTask, engagement: Engagement, outgoing: User, to: User, now: datetime
) -> AdHocStep:
    """Return a task as a step; what somebody who has left cannot do, the next does."""
    person = to if task.is_incoming or not outgoing.is_active else outgoing
    today = local_day(now, person.zone)
    is_active = engagement.status == Status.ACTIVE
    return AdHocStep(
        title=_("Handover to %(person)s: %(task)s")
        % {"person": to, "task": task.title[:1].lower() + task.title[1:]},
        phase=Phase.DELIVER if is_active else Phase.INITIATE,
        assignee=person,
        due_day=add_business_days(today, task.days, person.calendar),
        instructions=task.instructions.strip(),
        subject_url=f"{engagement.get_absolute_url()}team/",
    )
