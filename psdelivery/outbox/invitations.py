"""Invitations to meetings: an .ics for each attendee, one UID for good.

Written by `icalendar` as RFC 5545 and 5546 say: REQUEST for a new or changed meeting,
CANCEL for one that is off, the sequence one higher with each. Colleagues are mailed by
the portal itself, people at the customer by a person's click only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from psdelivery.outbox.calendar_zones import zone_component
from psdelivery.outbox.choices import Audience, InvitationState
from psdelivery.outbox.drafts import AttachmentDraft, MessageDraft
from psdelivery.outbox.events import InvitationChanged
from psdelivery.outbox.models import Invitation, Message
from psdelivery.outbox.renderers import Rendered
from psdelivery.outbox.rules import is_address, one_line
from psdelivery.outbox.services.addresses import bad_among
from psdelivery.outbox.services.queueing import queue_many
from psdelivery.people.moments import moment_text
from psdelivery.people.notifications import CHANGE
from psdelivery.people.services.erasure import NOWHERE
from psdelivery.registry import Reason, RuleRefused, reactions

if TYPE_CHECKING:
    from psdelivery.people.models import User

REQUEST, CANCEL = "REQUEST", "CANCEL"
KIND = "invitation"
MOST_ATTENDEES = 50


@dataclass(frozen=True)
class Attendee:
    """Somebody who is invited; `person` is the id of a colleague, None for others.

    `contact` is the id of one of a customer's, where it is one.
    """

    name: str
    email: str
    person: int | None = None
    contact: int | None = None

    @property
    def is_staff(self) -> bool:
        return self.person is not None

    def as_json(self) -> dict[str, object]:
        return asdict(self)


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


def attendees_of(invitation: Invitation) -> list[Attendee]:
    """Return who is invited."""
    return [Attendee(**one) for one in invitation.attendees]


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
) -> Invitation:
    """Invite people to a meeting; one queued mail each. Raises RuleRefused."""
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
    send(invitation, REQUEST, attendees_of(invitation), engagement, by=by, now=now)
    return invitation


@transaction.atomic
def update_invitation(
    invitation: Invitation,
    meeting: Meeting,
    *,
    engagement: Model | None = None,
    by: User,
    now: datetime,
) -> Invitation:
    """Change a meeting under the same UID; who is no longer invited gets a CANCEL.

    Raises RuleRefused, also for a meeting that was cancelled.
    """
    refuse(meeting)
    current = lock(invitation)
    before = attendees_of(current)
    put(current, meeting, now)
    current.sequence += 1
    current.save()
    reactions.publish(InvitationChanged(current, by, now))
    staying = {one.email.lower() for one in meeting.attendees}
    gone = [one for one in before if one.email.lower() not in staying]
    send(current, REQUEST, attendees_of(current), engagement, by=by, now=now)
    send(current, CANCEL, gone, engagement, by=by, now=now)
    return current


@transaction.atomic
def cancel_invitation(
    invitation: Invitation,
    *,
    engagement: Model | None = None,
    by: User,
    now: datetime,
) -> Invitation:
    """Call a meeting off; everybody who was invited gets a CANCEL."""
    current = lock(invitation)
    current.state, current.changed_at = InvitationState.CANCELLED, now
    current.sequence += 1
    current.save()
    reactions.publish(InvitationChanged(current, by, now))
    send(current, CANCEL, attendees_of(current), engagement, by=by, now=now)
    return current


def letters_about(records: Iterable[Model], *, since: datetime) -> QuerySet[Message]:
    """Return the mails of invitations to what these records are, written since then.

    Each tells the meeting as it was when it was written. Two queries at most, and one
    where nobody is invited.
    """
    return Message.objects.filter(
        kind=KIND,
        created_at__gte=since,
        thread_key__in=[thread_of(one) for one in invitations_about(records)],
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


def thread_of(invitation: Invitation) -> str:
    """Return the thread in which all mails of an invitation stand."""
    return f"{KIND}-{invitation.uid}"


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


def calendar_file(
    invitation: Invitation, method: str, attendees: Sequence[Attendee]
) -> bytes:
    """Return the .ics: the local times with their VTIMEZONE, UTC nowhere needed."""
    zone = ZoneInfo(invitation.zone)
    event = Event()
    event.add("uid", f"{invitation.uid}@{settings.MAIL_DOMAIN}")
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.changed_at)
    event.add("dtstart", invitation.starts_at.astimezone(zone))
    event.add("dtend", invitation.ends_at.astimezone(zone))
    event.add("summary", invitation.title)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    if invitation.description:
        event.add("description", invitation.description)
    if invitation.location:
        event.add("location", invitation.location)
    host = invitation.organizer
    event["organizer"] = address(host.display_name, host.email)
    for one in attendees:
        guest = address(one.name, one.email)
        guest.params["ROLE"] = vText("REQ-PARTICIPANT")
        guest.params["PARTSTAT"] = vText("NEEDS-ACTION")
        guest.params["RSVP"] = vText("TRUE")
        event.add("attendee", guest, encode=False)
    calendar = Calendar()
    calendar.add("prodid", "-//PS Delivery//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    begins, ends = invitation.starts_at, invitation.ends_at
    calendar.add_component(zone_component(invitation.zone, begins, ends))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def address(name: str, email: str) -> vCalAddress:
    """Return a calendar address with its name."""
    found = vCalAddress(f"mailto:{email}")
    found.params["CN"] = vText(one_line(name))
    return found


def send(
    invitation: Invitation,
    method: str,
    attendees: Sequence[Attendee],
    engagement: Model | None,
    *,
    by: User,
    now: datetime,
) -> None:
    """Queue one mail for each of these people, with the calendar file.

    A cancellation that nobody would get keeps nobody from being taken off.
    """
    told = [one for one in attendees if not one.email.endswith(f"@{NOWHERE}")]
    if method == CANCEL:
        bad = bad_among(one.email for one in told)
        told = [one for one in told if one.email.lower() not in bad]
    drafts = [letter(invitation, method, one, engagement, by=by) for one in told]
    if drafts:
        queue_many(drafts, now)


def letter(
    invitation: Invitation,
    method: str,
    attendee: Attendee,
    engagement: Model | None,
    *,
    by: User,
) -> MessageDraft:
    """Return the mail to one attendee (not queued)."""
    rendered = Rendered.from_markdown(
        subject_of(invitation, method), body_of(invitation, method)
    )
    # Who is taken off hears of themselves alone, the others of everybody.
    everybody = attendees_of(invitation)
    listed = everybody if attendee in everybody else [attendee]
    key = f"{KIND}:{invitation.uid}:{invitation.sequence}:{method}:{attendee.email}"
    return MessageDraft(
        kind=KIND,
        audience=Audience.STAFF if attendee.is_staff else Audience.CUSTOMER,
        to=[attendee.email],
        reply_to=invitation.organizer.email,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        idempotency_key=key[:200],
        engagement=engagement,
        by=by,
        thread_key=thread_of(invitation),
        why=_("You are invited to this meeting.") if attendee.is_staff else "",
        reason=CHANGE if attendee.is_staff else "",
        attachments=[
            AttachmentDraft(
                "invite.ics",
                f"text/calendar; method={method}; charset=utf-8",
                calendar_file(invitation, method, listed),
            )
        ],
    )


def subject_of(invitation: Invitation, method: str) -> str:
    """Return the subject: what it is about, and what has become of it."""
    words = _("Invitation: %(title)s")
    if invitation.sequence:
        words = _("Changed: %(title)s")
    if method == CANCEL:
        words = _("Cancelled: %(title)s")
    return words % {"title": invitation.title}


def body_of(invitation: Invitation, method: str) -> str:
    """Return the text: when on the meeting's own clock, where, and about what."""
    when = moment_text(invitation.starts_at, "", invitation.zone)
    lines = [f"**{invitation.title}**", str(when), invitation.location]
    if method == REQUEST:
        lines.append(invitation.description)
    return "\n\n".join(filter(None, lines))
