"""Addresses of people in the outbox: told to them, and replaced when they are erased.

The text of old mail is left as it was sent; it goes when the outbox is purged.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from psdelivery.outbox.choices import OPEN_STATES, State
from psdelivery.outbox.models import (
    BadAddress,
    Invitation,
    Message,
    MessageQuerySet,
    Notice,
    Recipient,
)
from psdelivery.outbox.renderers import kind_title
from psdelivery.outbox.services.readers import BY_HAND
from psdelivery.people.events import PersonalDataErased
from psdelivery.people.models import Contact, User
from psdelivery.people.personal_data import register_personal_data
from psdelivery.people.prose import leave_prose
from psdelivery.registry import reactions

CHUNK = 500
# What is being sent names its addresses in a talk with the mail server already.
WITHDRAWN = OPEN_STATES - {State.SENDING}


def erase_addresses(event: PersonalDataErased) -> None:
    """Let no mail name the address any more, and none leave for it."""
    if not event.old_address:
        return
    mails = Message.objects.addressed_to(event.old_address)
    _withdraw(mails.filter(state__in=WITHDRAWN), event)
    answered = Message.objects.filter(reply_to__iexact=event.old_address)
    _replace_in(mails | answered, event)
    Recipient.objects.filter(address=event.old_address).update(address=event.address)
    BadAddress.objects.filter(address__iexact=event.old_address).delete()
    _replace_in_invitations(event)


def _withdraw(mails: MessageQuerySet, event: PersonalDataErased) -> None:
    """Take the address off what has not left; with nobody left it is cancelled."""
    for mail in mails.select_for_update(of=("self",)).order_by("pk"):
        others = [a for a in mail.to if a.lower() != event.old_address]
        if not others:
            mail.state, mail.lease_until, mail.lease_token = State.CANCELLED, None, ""
            mail.save(update_fields=["state", "lease_until", "lease_token"])
            Notice.objects.filter(message=mail).delete()
            continue
        mail.to = others
        mail.cc = [a for a in mail.cc if a.lower() != event.old_address]
        mail.source = _source_without(mail, event.old_address)
        mail.save(update_fields=["to", "cc", "source"])
        mail.recipient_rows.filter(address=event.old_address).delete()


def _source_without(mail: Message, address: str) -> dict[str, Any]:
    """Return what a mail was made from, without an address chosen by hand."""
    source: dict[str, Any] = mail.source
    chosen = source.get(BY_HAND)
    if not chosen:
        return source
    left = {
        name: [one for one in addresses if one.lower() != address]
        for name, addresses in chosen.items()
    }
    return {**source, BY_HAND: left}


def _replace_in(mails: MessageQuerySet, event: PersonalDataErased) -> None:
    old = re.compile(re.escape(event.old_address), re.IGNORECASE)
    found = mails.order_by("pk").only("to", "cc", "reply_to", "last_error", "source")
    for chunk in _chunks(found.iterator(CHUNK)):
        for mail in chunk:
            mail.to = [old.sub(event.address, address) for address in mail.to]
            mail.cc = [old.sub(event.address, address) for address in mail.cc]
            mail.reply_to = old.sub(event.address, mail.reply_to)
            mail.last_error = old.sub(event.address, mail.last_error)
            mail.source = _source_without(mail, event.old_address)
        fields = ["to", "cc", "reply_to", "last_error", "source"]
        Message.objects.bulk_update(chunk, fields)


def _chunks(found: Iterator[Message]) -> Iterator[list[Message]]:
    while chunk := list(islice(found, CHUNK)):
        yield chunk


def _replace_in_invitations(event: PersonalDataErased) -> None:
    for invitation in Invitation.objects.only("attendees").iterator(CHUNK):
        invited = [_attendee(one, event) for one in invitation.attendees]
        if invited != invitation.attendees:
            invitation.attendees = invited
            invitation.save(update_fields=["attendees"])


def _attendee(one: dict[str, Any], event: PersonalDataErased) -> dict[str, Any]:
    if str(one.get("email", "")).lower() != event.old_address:
        return one
    return one | {"name": str(event.subject), "email": event.address}


def mail_to(subject: User | Contact) -> list[dict[str, Any]]:
    """Return the mails addressed to somebody, without their texts."""
    if not subject.email:
        return []
    found = Message.objects.addressed_to(subject.email).order_by("created_at")
    return _told(found)


def mail_by(person: User) -> list[dict[str, Any]]:
    """Return the mails that a person let leave."""
    return _told(Message.objects.filter(created_by=person).order_by("created_at"))


def _told(mails: Iterable[Message]) -> list[dict[str, Any]]:
    return [
        {
            "at": mail.created_at,
            "kind": kind_title(mail.kind),
            "subject": mail.subject,
            "state": mail.get_state_display(),
        }
        for mail in mails
    ]


def register_mail_data() -> None:
    """Tell what the outbox holds on people, and listen for who is erased."""
    # Texts stay as they were sent, until they are purged; addresses go below.
    leave_prose(Message, "text", "html", "source", "to", "cc", "reply_to")
    register_personal_data(User, "mail_to_them", mail_to)
    register_personal_data(User, "mail_by_them", mail_by)
    register_personal_data(Contact, "mail_to_them", mail_to)
    reactions.register(PersonalDataErased, erase_addresses)
