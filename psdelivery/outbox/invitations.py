"""Invitations to meetings: an .ics for each attendee, one UID for good.

Colleagues are mailed by the portal itself, people at the customer by a person's click
only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from psdelivery.outbox.choices import InvitationState
from psdelivery.outbox.events import InvitationChanged
from psdelivery.outbox.invitation_letters import (
    CANCEL,
    KIND,
    REQUEST,
    Post,
    send,
    take_back,
    thread_of,
    who_heard,
)
from psdelivery.outbox.invitation_letters import Attendee as Attendee
from psdelivery.outbox.invitation_letters import attendees_of as attendees_of
from psdelivery.outbox.models import Invitation, Message
from psdelivery.outbox.rules import is_address, one_line
from psdelivery.registry import Reason, RuleRefused, reactions

if TYPE_CHECKING:
    from psdelivery.people.models import User

MOST_ATTENDEES = 50


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """What people are invited to; moments in UTC, `zone` is where it is told."""

    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    attendees: Sequence[Attendee]
    description: str = ""
    location: str = ""


def reasons_against_meeting(meeting: Meeting) -> list[Reason]:
    """Return what stands against inviting: no time, nobody, or no address."""
    wrong = [one.name or one.email for one in meeting.attendees]
    wrong = [
        name
        for name, one in zip(wrong, meeting.attendees, strict=True)
        if not is_address(one.email)
    ]
    checks = [
        (
            "order",
            meeting.ends_at <= meeting.starts_at,
            _("The meeting ends before it starts."),
        ),
        ("nobody", not meeting.attendees, _("Nobody is invited.")),
        (
            "too-many",
            len(meeting.attendees) > MOST_ATTENDEES,
            _("At most %(most)d people are invited.") % {"most": MOST_ATTENDEES},
        ),
        (
            "address",
            bool(wrong),
            _("No e-mail address: %(names)s.") % {"names": ", ".join(wrong)},
        ),
    ]
    return [Reason(code, sentence) for code, holds, sentence in checks if holds]


@transaction.atomic
def invite(
    meeting: Meeting,
    *,
    organizer: User,
    engagement: Model | None = None,
    subject: Model | None = None,
    by: User,
    now: datetime,
    not_before: datetime | None = None,
) -> Invitation:
    """Invite people to a meeting; one queued mail each. Raises RuleRefused.

    R-20: mail that a move causes leaves not before the moment that is given.
    """
    refuse(meeting)
    invitation = Invitation(
        organizer=organizer,
        engagement_id=engagement.pk if engagement else None,
        subject_type=ContentType.objects.get_for_model(subject) if subject else None,
        subject_id=str(subject.pk) if subject else "",
        created_at=now,
    )
    put(invitation, meeting, now)
    invitation.save(force_insert=True)
    reactions.publish(InvitationChanged(invitation, by, now))
    post = Post(engagement, by, now, not_before)
    send(invitation, REQUEST, attendees_of(invitation), post)
    return invitation


@transaction.atomic
def update_invitation(
    invitation: Invitation,
    meeting: Meeting,
    *,
    engagement: Model | None = None,
    by: User,
    now: datetime,
    not_before: datetime | None = None,
    newcomers_only: bool = False,
) -> Invitation:
    """Change a meeting under the same UID; who is no longer invited gets a CANCEL.

    What still waits of an earlier change is taken back: nobody is told twice. With
    `newcomers_only` those who are invited already hear nothing, since time and place
    are as they were. Raises RuleRefused, also for a meeting that was cancelled.
    """
    refuse(meeting)
    current = lock(invitation)
    before = attendees_of(current)
    write(current, meeting, by, now)
    staying = {one.email.lower() for one in meeting.attendees}
    gone = [one for one in before if one.email.lower() not in staying]
    post = Post(engagement, by, now, not_before)
    take_back(current, now, [one.email for one in gone] if newcomers_only else None)
    heard = who_heard(current)
    told = attendees_of(current)
    if newcomers_only:
        told = [one for one in told if one.email.lower() not in heard]
    send(current, REQUEST, told, post)
    send(current, CANCEL, [one for one in gone if one.email.lower() in heard], post)
    return current


@transaction.atomic
def cancel_invitation(
    invitation: Invitation,
    *,
    engagement: Model | None = None,
    by: User,
    now: datetime,
    not_before: datetime | None = None,
) -> Invitation:
    """Call a meeting off; everybody who heard of it gets a CANCEL."""
    current = lock(invitation)
    current.state, current.changed_at = InvitationState.CANCELLED, now
    current.sequence += 1
    current.save()
    reactions.publish(InvitationChanged(current, by, now))
    take_back(current, now)
    heard = who_heard(current)
    told = [one for one in attendees_of(current) if one.email.lower() in heard]
    send(current, CANCEL, told, Post(engagement, by, now, not_before))
    return current


@transaction.atomic
def restore_invitation(
    invitation: Invitation,
    meeting: Meeting,
    *,
    engagement: Model | None = None,
    by: User,
    now: datetime,
) -> Invitation:
    """R-20: put a meeting back as it was before a change that nobody was told of.

    What waited is taken back, and only who never heard of the meeting is invited.
    """
    current = Invitation.objects.select_for_update().get(pk=invitation.pk)
    current.organizer, current.state = invitation.organizer, InvitationState.ACTIVE
    write(current, meeting, by, now)
    take_back(current, now)
    heard = who_heard(current)
    told = [one for one in attendees_of(current) if one.email.lower() not in heard]
    send(current, REQUEST, told, Post(engagement, by, now))
    return current


def write(invitation: Invitation, meeting: Meeting, by: User, now: datetime) -> None:
    """Save the meeting with the next sequence, and let other places follow."""
    put(invitation, meeting, now)
    invitation.sequence += 1
    invitation.save()
    reactions.publish(InvitationChanged(invitation, by, now))


def letters_about(records: Iterable[Model], *, since: datetime) -> QuerySet[Message]:
    """Return the mails of invitations to what these records are, written since then.

    Each tells the meeting as it was when it was written. Two queries at most, and one
    where nobody is invited.
    """
    return letters_since(invitations_about(records), since)


def letters_since(
    invitations: Iterable[Invitation], since: datetime
) -> QuerySet[Message]:
    """Return the mails of these invitations that were written since then."""
    threads = [thread_of(one) for one in invitations]
    return Message.objects.filter(
        kind=KIND, created_at__gte=since, thread_key__in=threads
    )


def invitations_about(records: Iterable[Model]) -> QuerySet[Invitation]:
    """Return the invitations whose subject is one of these records."""
    keys: dict[type[Model], list[str]] = defaultdict(list)
    for record in records:
        keys[type(record)].append(str(record.pk))
    about = Q(pk__in=[])
    for model, found in keys.items():
        subject_type = ContentType.objects.get_for_model(model)
        about |= Q(subject_type=subject_type, subject_id__in=found)
    return Invitation.objects.filter(about)


def refuse(meeting: Meeting) -> None:
    """Raise RuleRefused where something stands against the meeting."""
    if reasons := reasons_against_meeting(meeting):
        raise RuleRefused(reasons)


def lock(invitation: Invitation) -> Invitation:
    """Return the invitation as it stands; raises RuleRefused once it was cancelled."""
    current = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if current.state == InvitationState.CANCELLED:
        raise RuleRefused([Reason("cancelled", _("This meeting was cancelled."))])
    current.organizer = invitation.organizer
    return current


def put(invitation: Invitation, meeting: Meeting, now: datetime) -> None:
    """Write the meeting onto the invitation (not saved)."""
    invitation.kind, invitation.title = meeting.kind, one_line(meeting.title)[:200]
    invitation.description = meeting.description
    invitation.location = one_line(meeting.location)[:500]
    invitation.starts_at, invitation.ends_at = meeting.starts_at, meeting.ends_at
    invitation.zone = meeting.zone
    invitation.attendees = [one.as_json() for one in meeting.attendees]
    invitation.changed_at = now
