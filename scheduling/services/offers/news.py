"""Mails about offers: to who asked, to coordination, and to whoever holds the days."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from engagements.services.approvals import News, tell
from psdelivery.people.models import User
from psdelivery.people.moments import moment_text
from psdelivery.people.notifications import APPROVAL, CHANGE
from psdelivery.playbooks.owners import Assignment
from scheduling.models import Allocation, Offer, ResourceRequest
from scheduling.services.requests.news import news_of, tell_requester
from scheduling.words import headline


def tell_of_offers(
    stored: ResourceRequest,
    offers: Sequence[Offer],
    *,
    by: User | None,
    now: datetime,
) -> None:
    """Mail who asked what they can choose from, and until when.

    It waits for an answer, so it is told like whatever else waits for one.
    """
    until = _("Take one, or say why none fits, by %(until)s.") % {
        "until": until_text(offers[0], stored.requested_by)
    }
    lines = (*[line_of(one) for one in offers], until)
    title = _("Offered to you: %(request)s")
    tell_requester(stored, "offered", title, lines, reason=APPROVAL, by=by, now=now)


def line_of(offer: Offer) -> str:
    """Return an offer as a line: what it is, why, and what follows."""
    return " ".join(filter(None, [f"**{offer.title}**", offer.reason, offer.effect]))


def until_text(offer: Offer, reader: User) -> str:
    """Return until when an offer stands, on the reader's clock."""
    return str(moment_text(offer.expires_at, reader.zone, reader.zone))


def tell_of_question(
    offer: Offer, hold: Allocation, owner: Assignment, *, by: User, now: datetime
) -> None:
    """Mail the requester of a soft hold that it is asked to give way."""
    title = _("Can your soft hold give way? %(what)s") % {"what": hold}
    who = owner.person or owner.pool
    lines = (
        _("%(person)s asks for %(request)s.")
        % {"person": by, "request": headline(offer.request)},
        offer.effect,
    )
    news = News(
        subject=offer,
        event="asked",
        engagement=hold.engagement,
        title=title,
        lines=lines,
        url=offer.get_absolute_url(),
        why=_("You asked for this soft hold."),
        kind="request",
        reason=APPROVAL,
    )
    tell(news, [who] if who else [], by=by, now=now)


def tell_of_agreement(
    stored: ResourceRequest, offer: Offer, *, by: User | None, now: datetime
) -> None:
    """Mail who asked that there is another way, and coordination that it may be."""
    tell_of_offers(stored, [offer], by=by, now=now)
    title = _("It may give way: %(request)s")
    tell_coordination(stored, offer, "agreed", title, (offer.title,), by=by, now=now)


def tell_of_keeping(
    stored: ResourceRequest, offer: Offer, *, by: User | None, now: datetime
) -> None:
    """Mail coordination that a soft hold stays, and why."""
    title = _("It does not give way: %(request)s")
    lines = (offer.title, offer.decline_reason)
    tell_coordination(stored, offer, "kept", title, lines, by=by, now=now)


def tell_of_choice(
    stored: ResourceRequest, offer: Offer, *, by: User, now: datetime
) -> None:
    """Mail coordination what was taken; and who asked, where another did it."""
    title, lines = _("Taken and booked: %(request)s"), (offer.title,)
    tell_coordination(stored, offer, "accepted", title, lines, by=by, now=now)
    tell_requester(stored, "booked", _("Booked: %(request)s"), lines, by=by, now=now)


def tell_of_failure(
    stored: ResourceRequest, offer: Offer, words: str, *, by: User, now: datetime
) -> None:
    """Mail coordination why what was taken could not be booked."""
    title = _("Could not be booked: %(request)s")
    lines = (offer.title, words)
    tell_coordination(stored, offer, "failed", title, lines, by=by, now=now)


def tell_of_declining(
    stored: ResourceRequest,
    offers: Sequence[Offer],
    reason: str,
    *,
    by: User,
    now: datetime,
) -> None:
    """Mail coordination what was declined, and why."""
    title = _("Declined: %(request)s")
    lines = (*[offer.title for offer in offers], reason)
    tell_coordination(stored, offers[0], "declined", title, lines, by=by, now=now)


def tell_of_taking_back(
    stored: ResourceRequest,
    offers: Sequence[Offer],
    reason: str,
    *,
    by: User,
    now: datetime,
) -> None:
    """Mail who asked that nothing is offered any more."""
    lines = (*[offer.title for offer in offers], reason)
    title = _("No longer offered: %(request)s")
    tell_requester(stored, "taken-back", title, lines, by=by, now=now)


def tell_of_end(
    stored: ResourceRequest,
    offers: Sequence[Offer],
    *,
    were_open: bool,
    now: datetime,
) -> None:
    """Mail once that offers have expired: who asked, and who offered them.

    A question to the requester of a soft hold concerns coordination alone.
    """
    lines = tuple(offer.title for offer in offers)
    title = _("Expired: %(request)s")
    tell_coordination(stored, offers[0], "expired", title, lines, by=None, now=now)
    if were_open:
        tell_requester(stored, "expired", title, lines, by=None, now=now)


def tell_coordination(
    stored: ResourceRequest,
    offer: Offer,
    event: str,
    title: str,
    lines: tuple[str, ...],
    *,
    by: User | None,
    now: datetime,
) -> None:
    """Mail who made the offer, unless they did it themselves."""
    news = news_of(
        stored,
        f"offer-{event}-{offer.pk}",
        title % {"request": headline(stored)},
        lines,
        why=_("You offered it."),
        reason=CHANGE,
    )
    tell(news, [offer.offered_by], by=by, now=now)
