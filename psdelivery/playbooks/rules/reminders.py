"""When reminders leave, to whom, and which one after an outage.

Pure: no database, no clock, no request.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from psdelivery.calendars import (
    Calendar,
    add_business_days,
    local_moment,
    working_day_on_or_before,
)
from psdelivery.playbooks.choices import Recipient
from psdelivery.playbooks.rules.deadlines import local_moment_of

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class ReminderRule:
    """One reminder of a step: to whom, and how many days from the deadline."""

    recipient: str
    days: int

    @property
    def code(self) -> str:
        sign = "-" if self.recipient == Recipient.OWNER else "+"
        return f"{self.recipient}{sign}{self.days}"


@dataclass(frozen=True)
class PlannedReminder:
    at: datetime
    rule: ReminderRule


def reminder_rules(days: Mapping[str, Iterable[int]]) -> list[ReminderRule]:
    """Return the rules that a step's reminder days name, owner first."""
    return [
        ReminderRule(recipient, count)
        for recipient in Recipient.values
        for count in days.get(recipient, [])
    ]


def reminder_moment(
    rule: ReminderRule, due_at: datetime, base: datetime, calendar: Calendar, hour: int
) -> datetime:
    """Return when a reminder leaves (UTC): at `hour` o'clock on the recipient's clock.

    domain.md, Dates: the owner's come days before the deadline, and on a day off
    the working day before; escalations come business days after `base`, the deadline
    or, where that had already passed, the moment it became known. Zero business days
    after means at the breach itself.
    """
    if rule.recipient == Recipient.OWNER:
        return owner_reminder_moment(rule.days, due_at, calendar, hour)
    if rule.days == 0:
        return base
    day = add_business_days(
        local_moment_of(base - INSTANT, calendar.zone).date(), rule.days, calendar
    )
    moment = local_moment(day, time(hour), calendar.zone)
    while moment <= base:
        day = add_business_days(day, 1, calendar)
        moment = local_moment(day, time(hour), calendar.zone)
    return moment


def owner_reminder_moment(
    days: int, due_at: datetime, calendar: Calendar, hour: int
) -> datetime:
    """Return when the owner hears of a deadline so many days ahead (UTC).

    A reminder never comes after the deadline it announces: where the owner's
    morning is later than the deadline, it leaves the morning before.
    """
    last_day = local_moment_of(due_at - INSTANT, calendar.zone).date()
    day = working_day_on_or_before(last_day - timedelta(days=days), calendar)
    moment = local_moment(day, time(hour), calendar.zone)
    if moment < due_at:
        return moment
    day = working_day_on_or_before(day - timedelta(days=1), calendar)
    return local_moment(day, time(hour), calendar.zone)


def still_worth_saying(
    planned: Iterable[PlannedReminder], known_since: datetime
) -> list[PlannedReminder]:
    """Drop the owner's reminders that had passed when the date became known.

    Registering an engagement shall not send a mail for each of its steps. Only the
    last one before the deadline is kept, so that no step falls due in silence.
    """
    reminders = list(planned)
    owners = [item for item in reminders if item.rule.recipient == Recipient.OWNER]
    last = max(owners, key=lambda item: item.at, default=None)
    return [
        item
        for item in reminders
        if item.at >= known_since
        or item == last
        or item.rule.recipient != Recipient.OWNER
    ]


def after_snooze(
    planned: Iterable[PlannedReminder], quiet_until: datetime | None
) -> list[PlannedReminder]:
    """Let the owner's reminders wait for the end of a snooze; escalations do not."""
    if quiet_until is None:
        return list(planned)
    return [
        replace(item, at=max(item.at, quiet_until))
        if item.rule.recipient == Recipient.OWNER
        else item
        for item in planned
    ]


def reminder_to_decide(
    planned: Iterable[PlannedReminder], decided: frozenset[str], now: datetime
) -> ReminderRule | None:
    """R-21: the one reminder to send now: the latest whose moment has come.

    What an outage let pass before it is never sent; a rule decided for this due
    date is never decided again.
    """
    passed = [reminder for reminder in planned if reminder.at <= now]
    if not passed:
        return None
    latest = max(passed, key=lambda reminder: (reminder.at, reminder.rule.code))
    return None if latest.rule.code in decided else latest.rule


def next_reminder_moment(
    planned: Iterable[PlannedReminder], decided: frozenset[str], now: datetime
) -> datetime | None:
    """R-21: when the scan must look at the step next; None when all is said.

    A moment already passed comes back while its reminder is not decided.
    """
    reminders = list(planned)
    waiting = reminder_to_decide(reminders, decided, now)
    if waiting is not None:
        return next(item.at for item in reminders if item.rule == waiting)
    return min((item.at for item in reminders if item.at > now), default=None)
