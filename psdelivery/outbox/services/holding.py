"""R-23: nothing is mailed to somebody who is away.

Reminders go to whoever stands in before they come here. Any other notice that has a
reason leaves out who is away where others get it too, and else waits for the first
working morning back. What somebody asked for themselves, such as a link to log in or a
test mail, has no reason and leaves at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from psdelivery.calendars import local_moment, working_day_on_or_after
from psdelivery.outbox.choices import Audience
from psdelivery.outbox.drafts import MessageDraft
from psdelivery.people.away import addresses_away, away_on, local_day
from psdelivery.people.models import User
from psdelivery.people.notifications import STEP_DUE, STEP_LATE
from psdelivery.people.register import portal_settings

# Their senders know who stands in.
ROUTED = frozenset({STEP_DUE, STEP_LATE})
ONE_DAY = timedelta(days=1)


def around_absences(
    drafts: Sequence[MessageDraft], now: datetime
) -> list[MessageDraft]:
    """R-23: return the drafts without whoever is away, or put off until they return."""
    if not any(_is_notice(draft) for draft in drafts):
        return list(drafts)
    absent = addresses_away(now)
    if not absent:
        return list(drafts)
    return [_around(draft, absent, now) for draft in drafts]


def _is_notice(draft: MessageDraft) -> bool:
    told = draft.audience == Audience.STAFF and bool(draft.reason)
    return told and draft.reason not in ROUTED


def _around(draft: MessageDraft, absent: frozenset[str], now: datetime) -> MessageDraft:
    if not _is_notice(draft):
        return draft
    to = [address for address in draft.to if address.lower() not in absent]
    cc = [address for address in draft.cc if address.lower() not in absent]
    if to:
        return replace(draft, to=to, cc=cc)
    back = first_morning_back(draft.to, now)
    return replace(draft, not_before=max(back, draft.not_before or back))


def first_morning_back(addresses: Sequence[str], now: datetime) -> datetime:
    """Return when the first of these people is back at work (UTC)."""
    hour = portal_settings()["reminders.hour"]
    people = User.objects.filter(email__in=[one.lower() for one in addresses])
    return min((_back(person, hour, now) for person in people), default=now)


def _back(person: User, hour: int, now: datetime) -> datetime:
    day = local_day(person, now)
    # One time off may follow the other.
    while found := away_on([person.pk], day).get(person.pk):
        day = working_day_on_or_after(found.ends_on + ONE_DAY, person.calendar)
    return local_moment(day, time(hour), person.zone)
