"""The mail of the morning: what somebody wants to hear once a day, all in one.

It is known by person and day, so whatever runs twice finds the one that is there.
Places below attach what they have to tell to it, and write it when it leaves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from psdelivery.calendars import (
    add_business_days,
    local_moment,
    working_day_on_or_after,
)
from psdelivery.outbox.choices import State
from psdelivery.outbox.drafts import MessageDraft
from psdelivery.outbox.models import Message, Notice
from psdelivery.outbox.renderers import Rendered
from psdelivery.people.models import User

KIND = "daily"
PREFIX = "digest:"
WHY_DAILY = _("What waits for you, once a day together. You choose so in your profile.")


def digest_key(person_id: int, day: date) -> str:
    """Return the key of a person's mail of a morning: there is never a second."""
    return f"{PREFIX}{person_id}:{day:%Y%m%d}"


def next_morning(person: User, hour: int, now: datetime) -> datetime:
    """Return when the person's next mail of a working morning leaves (UTC)."""
    today = now.astimezone(ZoneInfo(person.zone)).date()
    day = add_business_days(today, 1, person.calendar)
    return local_moment(day, time(hour), person.zone)


def coming_morning(person: User, hour: int, now: datetime) -> datetime:
    """Return the next working morning of a person, that of today while it is to come.

    In UTC.
    """
    today = now.astimezone(ZoneInfo(person.zone)).date()
    day = working_day_on_or_after(today, person.calendar)
    at = local_moment(day, time(hour), person.zone)
    return at if at > now else next_morning(person, hour, now)


def after_the_scan(morning: datetime) -> datetime:
    """Return when a mail of a morning to come leaves: two looks of the scan later.

    What the scan decides that morning goes along.
    """
    return morning + 2 * timedelta(seconds=settings.SCAN_SECONDS)


def still_open(now: datetime) -> Q:
    """Return the condition: a mail that no sender has taken yet."""
    return Q(state=State.READY) & (Q(lease_until=None) | Q(lease_until__lt=now))


def hold_open(
    messages: Iterable[Message],
    parts: Mapping[str, Collection[MessageDraft]],
    now: datetime,
    why: str,
) -> set[str]:
    """Lock the mails of a day that have not left; return their keys.

    While they are locked no sender takes them, so what is attached now goes along.
    One that carries several engagements belongs to none of them any more.
    """
    digests = [m.pk for m in messages if m.idempotency_key in parts]
    rows = Message.objects.select_for_update(of=("self",)).filter(pk__in=digests)
    held = list(rows.filter(still_open(now)).order_by("pk"))
    for message in held:
        drafts = parts[message.idempotency_key]
        about = {d.engagement.pk if d.engagement else None for d in drafts}
        if about == {message.engagement_id}:
            continue
        message.engagement, message.why = None, why
        message.thread_key = message.idempotency_key.replace(":", "-")
        message.save(update_fields=["engagement", "why", "thread_key"])
    return {message.idempotency_key for message in held}


def notices_of(messages: Iterable[Message]) -> dict[UUID, list[Notice]]:
    """Return what waits in these mails of the morning; one query."""
    found: dict[UUID, list[Notice]] = {}
    for notice in Notice.objects.filter(message__in=[one.pk for one in messages]):
        found.setdefault(notice.message_id, []).append(notice)
    return found


def render_notices(messages: list[Message]) -> dict[UUID, Rendered | None]:
    """Write mails of the morning; None where nothing is left to tell."""
    notices = notices_of(messages)
    return {one.pk: rendered_notices(notices.get(one.pk, ())) for one in messages}


def rendered_notices(
    notices: Sequence[Notice], before: Rendered | None = None
) -> Rendered | None:
    """Write notices below each other, behind what another place has `before` them."""
    parts = [Rendered(one.subject, one.text, one.html) for one in notices]
    if not parts or (before is None and len(parts) == 1):
        return parts[0] if parts else before
    subjects = [*([before.subject] if before else []), words_of(notices)]
    whole = [*([before] if before else []), *parts]
    return Rendered(
        subject=" · ".join(subjects),
        text="\n\n".join(one.text.strip() for one in whole),
        html="<hr>".join(one.html for one in whole),
    )


def words_of(notices: Sequence[Notice]) -> str:
    """Say in a line what the notices are: the only one, or the first of several."""
    if len(notices) == 1:
        return notices[0].subject
    return ngettext(
        "%(n)d message for you: %(first)s",
        "%(n)d messages for you, the first: %(first)s",
        len(notices),
    ) % {"n": len(notices), "first": notices[0].subject}


def forget_notices(keys: Iterable[str]) -> None:
    """Take back news that are no longer wanted and have not left."""
    Notice.objects.filter(key__in=list(keys), message__state=State.READY).delete()
