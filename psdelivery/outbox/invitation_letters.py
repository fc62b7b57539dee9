"""The mails of an invitation: an .ics for each attendee, and who heard of it.

Written by `icalendar` as RFC 5545 and 5546 say: REQUEST for a new or changed meeting,
CANCEL for one that is off, the sequence one higher with each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from psdelivery.outbox.calendar_zones import zone_component
from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.drafts import AttachmentDraft, MessageDraft
from psdelivery.outbox.models import Invitation, Message, MessageQuerySet
from psdelivery.outbox.renderers import Rendered
from psdelivery.outbox.rules import one_line
from psdelivery.outbox.services.addresses import bad_among
from psdelivery.outbox.services.queueing import queue_many
from psdelivery.people.moments import moment_text
from psdelivery.people.notifications import CHANGE
from psdelivery.people.services.erasure import NOWHERE

if TYPE_CHECKING:
    from psdelivery.people.models import User

REQUEST, CANCEL = "REQUEST", "CANCEL"
KIND = "invitation"


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


@dataclass(frozen=True)
class Post:
    """What all letters of a change have in common.

    R-20: `not_before` is when they may leave; None: at once.
    """

    engagement: Model | None
    by: User
    now: datetime
    not_before: datetime | None = None


def attendees_of(invitation: Invitation) -> list[Attendee]:
    """Return who is invited."""
    return [Attendee(**one) for one in invitation.attendees]


def thread_of(invitation: Invitation) -> str:
    """Return the thread in which all mails of an invitation stand."""
    return f"{KIND}-{invitation.uid}"


def letters_of(invitation: Invitation) -> MessageQuerySet:
    """Return the mails of an invitation that were not taken back."""
    letters = Message.objects.filter(kind=KIND, thread_key=thread_of(invitation))
    return letters.exclude(state=State.CANCELLED)


def take_back(
    invitation: Invitation, now: datetime, to: Iterable[str] | None = None
) -> None:
    """R-20: cancel the letters that still wait, to these addresses or to everybody."""
    waiting = letters_of(invitation).filter(
        state=State.READY, next_attempt_at__gt=now, lease_until=None
    )
    wanted = None if to is None else {one.lower() for one in to}
    keys = [
        letter.pk
        for letter in waiting.only("pk", "to")
        if wanted is None or letter.to[0].lower() in wanted
    ]
    Message.objects.filter(pk__in=keys, state=State.READY).update(state=State.CANCELLED)


def who_heard(invitation: Invitation) -> set[str]:
    """Return the addresses whose last letter invites them, in small letters."""
    last: dict[str, tuple[int, str]] = {}
    for key, to in letters_of(invitation).values_list("idempotency_key", "to"):
        _kind, _uid, sequence, method = key.split(":")[:4]
        told = (int(sequence), method)
        address = to[0].lower()
        last[address] = max(told, last.get(address, told))
    return {address for address, (_number, method) in last.items() if method == REQUEST}


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
    post: Post,
) -> None:
    """Queue one mail for each of these people, with the calendar file.

    A cancellation that nobody would get keeps nobody from being taken off.
    """
    told = [one for one in attendees if not one.email.endswith(f"@{NOWHERE}")]
    if method == CANCEL:
        bad = bad_among(one.email for one in told)
        told = [one for one in told if one.email.lower() not in bad]
    drafts = [letter(invitation, method, one, post) for one in told]
    if drafts:
        queue_many(drafts, post.now)


def letter(
    invitation: Invitation,
    method: str,
    attendee: Attendee,
    post: Post,
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
        engagement=post.engagement,
        by=post.by,
        not_before=post.not_before,
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
