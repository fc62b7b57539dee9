"""Mail about time off: to whoever approves it, whoever stands in, and the answer.

Never the kind or the note: more people read the outbox than may know who is ill.
Nothing goes to whoever did it, and nothing to somebody who is away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.calendars import local_moment
from psdelivery.outbox.choices import Audience
from psdelivery.outbox.drafts import MessageDraft
from psdelivery.outbox.renderers import Rendered, register_kind
from psdelivery.outbox.services import queue_many
from psdelivery.people.away import local_day, stand_ins
from psdelivery.people.choices import TimeOffState
from psdelivery.people.events import TimeOffChanged
from psdelivery.people.models import TimeOff, User
from psdelivery.people.notifications import APPROVAL, CHANGE
from psdelivery.people.queries.time_off import approvers_now
from psdelivery.people.rules.time_off import is_over
from psdelivery.registry import reactions

KIND = "time-off"


@dataclass(frozen=True)
class Letter:
    """One mail to one person, before it is queued."""

    to: User
    subject: str
    text: str
    url: str
    why: str
    reason: str


def tell_of_time_off(event: TimeOffChanged) -> None:
    """Queue the mails that a change of time off gives."""
    letters = [letter for letter in _letters(event) if letter.to != event.by]
    away = stand_ins(event.at, [letter.to for letter in letters])
    drafts = [
        _draft(event, letter)
        for letter in letters
        if letter.to.pk not in away and letter.to.is_active
    ]
    if drafts:
        queue_many(drafts, event.at)


def register_time_off() -> None:
    """Let the outbox tell of time off."""
    register_kind(KIND, gettext_lazy("Time off"))
    reactions.register(TimeOffChanged, tell_of_time_off)


def _letters(event: TimeOffChanged) -> list[Letter]:
    time_off = event.time_off
    match event.change:
        case "entered" | "edited":
            return _entered(event)
        case "approved":
            return [_answer(time_off)]
        case "refused":
            return [_answer(time_off), *_released(time_off, event.at)]
        case _:
            return _released(time_off, event.at)


def _entered(event: TimeOffChanged) -> list[Letter]:
    """Tell approver and deputy; who is both gets one mail."""
    time_off, before = event.time_off, event.before
    deputy = time_off.stands_in
    letters: list[Letter] = []
    asked: list[User] = []
    if _asks(time_off, before) or before is None:
        asked = approvers_now(time_off.person, event.at)
        letters += [_to_approver(time_off, one, one == deputy) for one in asked]
    if before is not None and before.stands_in != deputy:
        letters += _released(before, event.at)
    is_news = before is None or _has_moved(before, time_off)
    if deputy is not None and deputy not in asked and is_news:
        letters += _to_deputy(time_off, deputy, event.at)
    return letters


def _asks(time_off: TimeOff, before: TimeOff | None) -> bool:
    """Whether there is something to approve that was not asked for before."""
    if time_off.state != TimeOffState.REQUESTED:
        return False
    was_asked = before is not None and before.state == TimeOffState.REQUESTED
    return not was_asked or (before is not None and _has_moved(before, time_off))


def _has_moved(before: TimeOff, after: TimeOff) -> bool:
    was = (before.starts_on, before.ends_on, before.hours_per_day, before.stands_in)
    return was != (
        after.starts_on,
        after.ends_on,
        after.hours_per_day,
        after.stands_in,
    )


def _to_approver(time_off: TimeOff, to: User, is_deputy: bool) -> Letter:
    asks = time_off.state == TimeOffState.REQUESTED
    pattern = _("Please approve: %(person)s is away %(days)s")
    if not asks:
        pattern = _("%(person)s is away %(days)s")
    sentences = [_who_stands_in(time_off, is_deputy=is_deputy)]
    if asks:
        sentences.append(_("It counts already, until you refuse it."))
    return Letter(
        to=to,
        subject=pattern % _words(time_off),
        text=" ".join(sentences),
        url=time_off.get_absolute_url(),
        why=_("You approve the time off of %(person)s.") % _words(time_off),
        reason=APPROVAL if asks else CHANGE,
    )


def _who_stands_in(time_off: TimeOff, *, is_deputy: bool) -> str:
    deputy = time_off.stands_in
    if not time_off.is_whole_days:
        return _("It is part of a day; nobody needs to stand in.")
    if is_deputy:
        return _("You stand in on these days.")
    if deputy is None:
        return _("Nobody is named to stand in.")
    return _("%(person)s stands in.") % {"person": deputy.display_name}


def _to_deputy(time_off: TimeOff, to: User, now: datetime) -> list[Letter]:
    """Tell whoever stands in; nobody about days that are over."""
    if is_over(time_off, local_day(time_off.person, now)):
        return []
    subject = _("You stand in for %(person)s: %(days)s") % _words(time_off)
    text = _(
        "On these days you find the steps of %(person)s on My day, and their "
        "reminders come to you. Afterwards everything is theirs again."
    ) % _words(time_off)
    return [
        Letter(
            to=to,
            subject=subject,
            text=text,
            url=reverse("people:my-time-off"),
            why=_("%(person)s chose you, or you are the manager.") % _words(time_off),
            reason=CHANGE,
        )
    ]


def _released(time_off: TimeOff, now: datetime) -> list[Letter]:
    """Tell whoever would have stood in that it is not needed."""
    to = time_off.stands_in
    if to is None or is_over(time_off, local_day(time_off.person, now)):
        return []
    subject = _("You do not stand in for %(person)s: %(days)s") % _words(time_off)
    return [
        Letter(
            to=to,
            subject=subject,
            text=_("Somebody else stands in, or the time off does not take place."),
            url=reverse("people:my-time-off"),
            why=_("You were named to stand in."),
            reason=CHANGE,
        )
    ]


def _answer(time_off: TimeOff) -> Letter:
    pattern = _("Your time off is approved: %(days)s")
    if time_off.state == TimeOffState.REFUSED:
        pattern = _("Your time off is refused: %(days)s")
    reason = time_off.decision_reason
    return Letter(
        to=time_off.person,
        subject=pattern % _words(time_off),
        text=_("Reason: %(reason)s") % {"reason": reason} if reason else "",
        url=time_off.get_absolute_url(),
        why=_("You asked for it."),
        reason=APPROVAL,
    )


def _words(time_off: TimeOff) -> dict[str, str]:
    return {"person": time_off.person.display_name, "days": str(time_off)}


def _draft(event: TimeOffChanged, letter: Letter) -> MessageDraft:
    link = f"[{_('Open it in the portal')}]({settings.SITE_URL}{letter.url})"
    lines: Iterable[str] = (f"**{letter.subject}**", letter.text, link)
    written = Rendered.from_markdown(
        letter.subject, "\n\n".join(line for line in lines if line)
    )
    key = f"{KIND}:{event.time_off.pk}:{event.change}:{event.at.isoformat()}"
    return MessageDraft(
        kind=KIND,
        audience=Audience.STAFF,
        to=[letter.to.email],
        subject=written.subject,
        text=written.text,
        html=written.html,
        idempotency_key=f"{key}:{letter.to.pk}",
        thread_key=f"{KIND}-{event.time_off.pk}",
        by=event.by,
        why=letter.why,
        reason=letter.reason,
        needed_by=_end_of_first_day(event.time_off, letter.to),
    )


def _end_of_first_day(time_off: TimeOff, reader: User) -> datetime:
    """Return until when the news are of use: who is ill today is replaced today."""
    return local_moment(time_off.starts_on + timedelta(days=1), time(), reader.zone)
