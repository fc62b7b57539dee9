"""Mails about requests: to whom they were sent, and to who asked."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.services.approvals import News, tell
from psdelivery.outbox.renderers import register_kind
from psdelivery.people.models import User
from psdelivery.people.notifications import CHANGE, MENTION
from scheduling.choices import INTERNAL_KINDS, RequestState
from scheduling.models import ResourceRequest
from scheduling.words import headline, hours_text


def tell_coordinator(asked: ResourceRequest, *, by: User, now: datetime) -> None:
    """Mail the coordinator whom internal time mentions; others find it in the queue."""
    if asked.kind not in INTERNAL_KINDS or asked.coordinator is None:
        return
    words = {"who": by, "what": headline(asked)}
    news = news_of(
        asked,
        "mention",
        _("%(who)s asks you for internal time: %(what)s") % words,
        (hours_text(asked), asked.note),
        why=_("You were mentioned in a request for internal time."),
        reason=MENTION,
    )
    tell(news, [asked.coordinator], by=by, now=now)


def tell_of_end(asked: ResourceRequest, *, by: User, now: datetime) -> None:
    """Mail who asked how coordination decided."""
    titles = {
        RequestState.BOOKED: _("Booked: %(request)s"),
        RequestState.ANSWERED: _("Answered: %(request)s"),
        RequestState.REFUSED: _("Refused: %(request)s"),
    }
    lines = (_("Decided by %(person)s.") % {"person": by}, asked.reason)
    title = titles[RequestState(asked.state)]
    tell_requester(asked, asked.state, title, lines, by=by, now=now)


def tell_requester(
    asked: ResourceRequest,
    event: str,
    title: str,
    lines: tuple[str, ...],
    *,
    reason: str = CHANGE,
    by: User | None,
    now: datetime,
) -> None:
    """Mail who asked, unless they did it themselves; `title` names the request."""
    news = news_of(
        asked,
        event,
        title % {"request": headline(asked)},
        lines,
        why=_("You asked for it."),
        reason=reason,
    )
    tell(news, [asked.requested_by], by=by, now=now)


def news_of(
    asked: ResourceRequest,
    event: str,
    title: str,
    lines: tuple[str, ...],
    *,
    why: str,
    reason: str,
) -> News:
    """Write the mail; the same event of a request in the same version is one mail."""
    return News(
        subject=asked,
        event=f"{event}-{asked.version}",
        engagement=asked.engagement,
        title=title,
        lines=tuple(filter(None, lines)),
        url=asked.get_absolute_url(),
        why=why,
        kind="request",
        reason=reason,
    )


def register_news() -> None:
    """Name the kind of mail."""
    register_kind("request", gettext_lazy("Resource request"))
