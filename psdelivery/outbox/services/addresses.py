"""Addresses that mail does not reach: marked, kept from being used, cleared."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from psdelivery.history import services as history
from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.events import MessageBounced
from psdelivery.outbox.models import BadAddress, Message
from psdelivery.outbox.rules.messages import without_addresses
from psdelivery.people.models import Contact, User
from psdelivery.registry import Reason, RuleRefused, reactions

if TYPE_CHECKING:
    from django.db.models import Model

# A mail server gives up after five days at most, and then says so.
BOUNCES_WITHIN = timedelta(days=7)
LEFT = frozenset({State.SENT, State.ELSEWHERE})


def bad_among(addresses: Iterable[str]) -> dict[str, BadAddress]:
    """Return which of these addresses are marked bad, by the address in small letters.

    One query.
    """
    wanted = {address.lower() for address in addresses}
    if not wanted:
        return {}
    standing = BadAddress.objects.standing().annotate(small=Lower("address"))
    return {bad.address.lower(): bad for bad in standing.filter(small__in=wanted)}


def reasons_of_bad_addresses(addresses: Iterable[str]) -> list[Reason]:
    """Refuse to write to an address that is marked bad; leads to whose it is."""
    return [_reason_of(bad) for bad in bad_among(addresses).values()]


def _reason_of(bad: BadAddress) -> Reason:
    sentence = _("Mail does not reach %(address)s: %(reason)s") % {
        "address": bad.address,
        "reason": bad.reason,
    }
    owner = owner_of(bad.address)
    if isinstance(owner, Contact):
        url = reverse("people:contact-edit", args=[owner.pk])
        label = _("Open the contact")
    elif owner is not None:
        url, label = owner.get_absolute_url(), _("Open the person")
    else:
        url, label = "", ""
    return Reason("bad-address", sentence, url, label)


def owner_of(address: str) -> Contact | User | None:
    """Return whose address it is: a contact at a customer, or one of ours."""
    contact = Contact.objects.filter(email__iexact=address).order_by("pk").first()
    return contact or User.objects.filter(email__iexact=address).first()


def bounced_mails(address: str, now: datetime) -> list[Message]:
    """Return the customer mails to this address that may have come back.

    Those of the last days, the newest first; a copy that does not arrive changes
    nothing for the one it was written to.
    """
    near = Message.objects.addressed_to(address).filter(
        audience=Audience.CUSTOMER,
        state__in=sorted(LEFT),
        sent_at__gte=now - BOUNCES_WITHIN,
    )
    rows = near.select_related("engagement").order_by("-sent_at")
    return [one for one in rows if address.lower() in map(str.lower, one.to)]


@transaction.atomic
def mark_address_bad(
    address: str,
    *,
    by: User,
    reason: str,
    now: datetime,
    message: Message | None = None,
) -> list[Message]:
    """Note that mail does not reach an address; return the mails that came back.

    These count as failed, and the steps that they did are open again. With `message`
    it is this one at least, however long ago it left. Raises RuleRefused without a
    reason.
    """
    if not reason.strip():
        raise RuleRefused([Reason("reason-missing", _("Say how it was noticed."))])
    if not bad_among([address]):
        BadAddress.objects.create(
            address=address, since=now, reason=reason[:300], marked_by=by
        )
        about = message.engagement if message else None
        _record("address-marked-bad", address, about, reason, by=by, now=now)
    found = {one.pk: one for one in bounced_mails(address, now)}
    if message is not None and message.state in LEFT:
        found.setdefault(message.pk, message)
    for one in found.values():
        _bounce(one, reason, by=by, now=now)
    _hold_back(address, reason)
    return list(found.values())


def _bounce(message: Message, reason: str, *, by: User, now: datetime) -> None:
    current = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if current.state not in LEFT:
        return
    current.state = State.FAILED
    current.last_error = _("It came back: %(reason)s") % {"reason": reason}
    current.save(update_fields=["state", "last_error"])
    history.record(
        "message-bounced",
        by=by,
        subject=current,
        engagement=current.engagement,
        reason=without_addresses(reason),
        now=now,
    )
    event = MessageBounced(message=current, reason=reason, by=by, now=now)
    reactions.publish(event)


def _hold_back(address: str, reason: str) -> None:
    """Keep in what was about to leave for the address; a person decides about it."""
    waiting = Message.objects.addressed_to(address).filter(
        audience=Audience.CUSTOMER, state=State.READY, lease_until=None
    )
    error = _("The address was marked bad: %(reason)s") % {"reason": reason}
    Message.objects.filter(pk__in=list(waiting.values_list("pk", flat=True))).filter(
        state=State.READY, lease_until=None
    ).update(state=State.FAILED, last_error=error)


@transaction.atomic
def clear_address(address: str, *, by: User, now: datetime) -> None:
    """Let mail go to an address again. Raises RuleRefused where it is not marked."""
    bad = bad_among([address]).get(address.lower())
    if bad is None:
        raise RuleRefused([Reason("not-bad", _("This address is not marked bad."))])
    bad.lifted_at, bad.lifted_by = now, by
    bad.save(update_fields=["lifted_at", "lifted_by"])
    _record("address-cleared", address, None, "", by=by, now=now)


def _record(
    verb: str,
    address: str,
    engagement: Model | None,
    reason: str,
    *,
    by: User,
    now: datetime,
) -> None:
    """Write it down without the address itself: nobody could erase it there."""
    history.record(
        verb,
        by=by,
        subject=owner_of(address),
        engagement=engagement,
        reason=without_addresses(reason),
        now=now,
    )
