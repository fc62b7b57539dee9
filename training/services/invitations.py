"""Calendar invitations to the sessions of a class, one UID for each session for good.

Trainer and alternative host are invited by the portal once the dates are confirmed; the
main contact where a person clicks, and that click authorises what follows from it. A
session has an invitation for each of the two, so that neither hears of the other's.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from engagements.owners import owners_of
from engagements.queries import gate_for
from psdelivery.outbox.choices import InvitationState
from psdelivery.outbox.invitations import (
    Attendee,
    Meeting,
    attendees_of,
    cancel_invitation,
    invite,
    restore_invitation,
    update_invitation,
)
from psdelivery.outbox.models import Invitation
from psdelivery.outbox.rules import is_address
from psdelivery.outbox.services.addresses import bad_among, reasons_of_bad_addresses
from psdelivery.people.models import User
from psdelivery.registry import Reason, refuse
from training.choices import DeliveryState, Place
from training.models import Delivery, Session
from training.rules.classes import (
    reasons_against_changing,
    reasons_against_promising_dates,
)

TEAM, GUEST = "class-team", "class-guest"
KINDS = (TEAM, GUEST)


@dataclass(frozen=True)
class Desk:
    """Who invites to a class, in whose name, and from when on mail may leave (R-20)."""

    organizer: User
    by: User
    now: datetime
    not_before: datetime | None = None


def team_of(delivery: Delivery) -> list[Attendee]:
    """Return trainer and alternative host as attendees, each once."""
    people = dict.fromkeys([delivery.trainer, delivery.alternative_host])
    return [
        Attendee(one.display_name, one.email, person=one.pk)
        for one in people
        if one is not None and one.is_active and is_address(one.email)
    ]


def guest_of(delivery: Delivery) -> Attendee | None:
    """Return the main contact as attendee; None without one, or without an address."""
    contact = delivery.engagement.main_contact
    if contact is None or not contact.is_active or not is_address(contact.email):
        return None
    return Attendee(contact.name, contact.email, contact=contact.pk)


def invitations_of(delivery: Delivery) -> QuerySet[Invitation]:
    """Return the invitations to sessions of the class, whatever became of them.

    Those to a session that is no longer there count too.
    """
    sessions = Session.objects.filter(delivery__engagement=delivery.engagement_id)
    others = sessions.exclude(delivery=delivery).order_by()
    keys = others.annotate(key=Cast("pk", CharField())).values("key")
    of_engagement = Invitation.objects.filter(
        engagement=delivery.engagement_id,
        subject_type=ContentType.objects.get_for_model(Session),
        kind__in=KINDS,
    )
    return of_engagement.exclude(subject_id__in=keys).select_related("organizer")


def standing_of(delivery: Delivery) -> dict[tuple[str, str], Invitation]:
    """Return the invitations that stand, by kind and key of the session."""
    active = invitations_of(delivery).filter(state=InvitationState.ACTIVE)
    return {(one.kind, one.subject_id): one for one in active}


def guests_in(standing: Iterable[Invitation]) -> list[Attendee]:
    """Return the people at the customer whom somebody invited by a click."""
    found = {
        guest.email.lower(): guest
        for one in standing
        if one.kind == GUEST
        for guest in attendees_of(one)
    }
    return list(found.values())


@transaction.atomic
def follow_invitations(
    delivery: Delivery,
    *,
    by: User | None,
    now: datetime,
    not_before: datetime | None = None,
) -> None:
    """Let the invitations follow dates, trainer, place and state of the class.

    Called after each change of these; what is as it should be stays untouched. R-20:
    what a move causes leaves not before `not_before`.
    """
    desk = desk_of(delivery, by, now, not_before)
    if desk is None:
        return
    standing = standing_of(delivery)
    sessions = sessions_to_invite(delivery, now)
    wanted = wanted_attendees(delivery, standing.values())
    for number, session in sessions:
        for kind in KINDS:
            found = standing.pop((kind, str(session.pk)), None)
            attendees = wanted[kind]
            meeting = meeting_of(kind, session, number, attendees)
            settle(found, session, meeting, delivery, desk)
    call_off(standing.values(), delivery, desk)


def desk_of(
    delivery: Delivery, by: User | None, now: datetime, not_before: datetime | None
) -> Desk | None:
    """Return who invites: in the coordinator's name; None where there is nobody."""
    organizer = owners_of(delivery.engagement).coordinator or by
    if organizer is None:
        return None
    return Desk(organizer, by or organizer, now, not_before)


def sessions_to_invite(delivery: Delivery, now: datetime) -> list[tuple[int, Session]]:
    """Return the sessions to come with their numbers; none of a class called off."""
    if delivery.state == DeliveryState.CANCELLED:
        return []
    numbered = list(enumerate(delivery.sessions.all(), start=1))
    for _number, session in numbered:
        session.delivery = delivery
    return [
        (number, session)
        for number, session in numbered
        if session.held_on is None and session.ends_at > now
    ]


def wanted_attendees(
    delivery: Delivery, standing: Collection[Invitation]
) -> dict[str, list[Attendee]]:
    """Return whom each kind of invitation is for, without addresses that are bad."""
    is_known = any(one.kind == TEAM for one in standing)
    is_told = is_known or delivery.state != DeliveryState.PLANNED
    guests = guests_in(standing)
    bad = bad_among(one.email for one in guests)
    return {
        TEAM: team_of(delivery) if is_told else [],
        GUEST: [one for one in guests if one.email.lower() not in bad],
    }


def meeting_of(
    kind: str, session: Session, number: int, attendees: Sequence[Attendee]
) -> Meeting:
    """Return what people are invited to; no link that lets anybody in stands in it."""
    delivery = session.delivery
    is_online = delivery.place == Place.REMOTE
    return Meeting(
        kind=kind,
        title=f"{delivery.title} · {delivery.engagement.customer}"
        if kind == TEAM
        else delivery.title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=session.zone,
        attendees=attendees,
        location=_("Online") if is_online else delivery.address,
        description=words_for(kind, session, number, is_online=is_online),
    )


def words_for(kind: str, session: Session, number: int, *, is_online: bool) -> str:
    """Return what stands below the time: which session it is, and how one gets in."""
    words = [_("Session %(number)d.") % {"number": number}]
    if kind == TEAM:
        url = f"{settings.SITE_URL}{session.get_absolute_url()}"
        sentence = _(
            "Links and everything else stand on the page of the class: %(url)s"
        )
        words.append(sentence % {"url": url})
    elif is_online:
        words.append(_("Whoever registers gets an own link to join."))
    return "\n\n".join(words)


def settle(
    found: Invitation | None,
    session: Session,
    meeting: Meeting,
    delivery: Delivery,
    desk: Desk,
) -> None:
    """Bring one invitation in line: made, changed, or called off."""
    if found is None and meeting.attendees:
        invite(
            meeting,
            organizer=desk.organizer,
            engagement=delivery.engagement,
            subject=session,
            by=desk.by,
            now=desk.now,
            not_before=desk.not_before,
        )
    elif found is not None and not meeting.attendees:
        call_off([found], delivery, desk)
    elif found is not None and not says(found, meeting):
        update_invitation(
            found,
            meeting,
            engagement=delivery.engagement,
            by=desk.by,
            now=desk.now,
            not_before=desk.not_before,
            newcomers_only=is_same_time(found, meeting),
        )


def says(found: Invitation, meeting: Meeting) -> bool:
    """Tell whether an invitation says just this, to these people."""
    people = {one.email.lower() for one in attendees_of(found)}
    return (
        is_same_time(found, meeting)
        and (found.title, found.description) == (meeting.title, meeting.description)
        and people == {one.email.lower() for one in meeting.attendees}
    )


def is_same_time(found: Invitation, meeting: Meeting) -> bool:
    """Tell whether time and place are as they were told."""
    told = (found.starts_at, found.ends_at, found.zone, found.location)
    return told == (
        meeting.starts_at,
        meeting.ends_at,
        meeting.zone,
        meeting.location,
    )


def call_off(found: Iterable[Invitation], delivery: Delivery, desk: Desk) -> None:
    """Call invitations off whose session is gone, or of a class called off.

    What was held, or is over by now, is not called off any more.
    """
    held = delivery.sessions.filter(held_on__isnull=False).values_list("pk", flat=True)
    left_alone = {str(pk) for pk in held}
    for one in found:
        if one.ends_at > desk.now and one.subject_id not in left_alone:
            cancel_invitation(
                one,
                engagement=delivery.engagement,
                by=desk.by,
                now=desk.now,
                not_before=desk.not_before,
            )


@transaction.atomic
def restore_invitations(
    delivery: Delivery, since: datetime, *, by: User | None, now: datetime
) -> None:
    """R-20: put the invitations back as they were before a move that was undone.

    Nothing of it has left, else the move could not be undone: what waits is taken back.
    """
    desk = desk_of(delivery, by, now, None)
    if desk is None:
        return
    changed = invitations_of(delivery).filter(changed_at__gte=since)
    known = {(one.kind, one.subject_id): one for one in changed.order_by("changed_at")}
    for number, session in sessions_to_invite(delivery, now):
        for kind in KINDS:
            found = known.get((kind, str(session.pk)))
            if found is not None:
                meeting = meeting_of(kind, session, number, attendees_of(found))
                about = delivery.engagement
                restore_invitation(
                    found, meeting, engagement=about, by=desk.by, now=now
                )
    follow_invitations(delivery, by=by, now=now)


@transaction.atomic
def invite_contact(delivery: Delivery, *, by: User, now: datetime) -> Delivery:
    """Invite the main contact to every session to come: the click customer mail needs.

    R-2: raises RuleRefused while no dates may be promised; also without a contact who
    can be written to, and for a class that was called off or held.
    """
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    refuse(reasons_against_inviting(delivery, now))
    guest, desk = guest_of(delivery), desk_of(delivery, by, now, None)
    assert guest is not None and desk is not None, "a rule asked for both"  # noqa: S101, PT018
    standing = standing_of(delivery)
    for number, session in sessions_to_invite(delivery, now):
        found = standing.get((GUEST, str(session.pk)))
        others = attendees_of(found) if found else []
        everybody = {one.email.lower(): one for one in [*others, guest]}
        meeting = meeting_of(GUEST, session, number, list(everybody.values()))
        settle(found, session, meeting, delivery, desk)
    return delivery


def reasons_against_inviting(delivery: Delivery, now: datetime) -> list[Reason]:
    """Return what stands against inviting the main contact to the class."""
    against = reasons_against_changing(delivery)
    against += reasons_against_promising_dates(gate_for(delivery.engagement, now))
    guest = guest_of(delivery)
    if guest is None:
        sentence = _("There is no main contact with an e-mail address.")
        url = f"{delivery.engagement.get_absolute_url()}edit/"
        return [*against, Reason("no-contact", sentence, url, _("Name the contact"))]
    if not sessions_to_invite(delivery, now):
        against.append(Reason("over", _("No session is to come.")))
    return [*against, *reasons_of_bad_addresses([guest.email])]


@transaction.atomic
def uninvite_contacts(delivery: Delivery, *, by: User, now: datetime) -> Delivery:
    """Take the people at the customer off the sessions again; they are told so."""
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    desk = desk_of(delivery, by, now, None)
    if desk is not None:
        found = [
            one for (kind, _k), one in standing_of(delivery).items() if kind == GUEST
        ]
        call_off(found, delivery, desk)
    return delivery
