"""Write what a request asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from psdelivery.calendars import Calendar
from psdelivery.history.services import record
from psdelivery.people.models import Skill, User
from psdelivery.people.services.changes import one_transaction
from psdelivery.registry import Reason, refuse
from scheduling.choices import (
    INTERNAL_KINDS,
    ExtraDayState,
    RequestBall,
    RequestKind,
    RequestState,
)
from scheduling.models import ExtraDay, RequestRange, RequestSkill, ResourceRequest
from scheduling.rules.requests import (
    days_of_ranges,
    reasons_against_days,
    reasons_against_editing,
    reasons_against_sending,
    reasons_of_total,
    reasons_outside_booking,
)
from scheduling.services.requests.moving import lock_request, submit_request
from scheduling.services.requests.turns import today_of
from scheduling.words import ranges_text

# What the form of a request writes; the rest follows from what is done with it.
FIELDS = (
    "engagement",
    "about",
    "role",
    "booking",
    "person",
    "hours_per_day",
    "hours_total",
    "any_days",
    "place",
    "language",
    "zone",
    "zone_overlap",
    "task",
    "note",
    "coordinator",
    "cause",
)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """The days and skills that a request names."""

    ranges: Sequence[tuple[date, date]] = ()
    skills: Sequence[tuple[Skill, int]] = ()


def reasons_against_wish(
    asked: ResourceRequest, wish: Wish, now: datetime
) -> list[Reason]:
    """Return what stands against asking for this; the same for form and service."""
    reasons = reasons_against_sending(asked, wish.ranges, today_of(asked, now))
    if reasons:
        return reasons
    days = days_of_ranges(wish.ranges)
    if asked.kind == RequestKind.RELEASE and asked.allocation is not None:
        return reasons_outside_booking(asked.allocation, days)
    extra = extra_days(asked.person, days)
    return [
        *reasons_against_days(days, asked.any_days, calendar_of_work(asked), extra),
        *reasons_of_total(asked.hours_total, asked.any_days or len(days)),
    ]


def calendar_of_work(asked: ResourceRequest) -> Calendar:
    """Return whose days off count: the person's, else the customer's, else the own."""
    if asked.person is not None:
        return asked.person.calendar
    if asked.engagement is not None and asked.kind not in INTERNAL_KINDS:
        return asked.engagement.customer.calendar
    return asked.requested_by.calendar


def extra_days(person: User | None, days: Sequence[date]) -> set[date]:
    """Return the days on which extra hours of somebody are asked for or agreed."""
    if person is None or not days:
        return set()
    states = (ExtraDayState.ASKED, ExtraDayState.AGREED)
    rows = ExtraDay.objects.filter(person=person, state__in=states)
    within = rows.filter(day__range=(days[0], days[-1]))
    return set(within.values_list("day", flat=True))


def save_request(
    asked: ResourceRequest,
    wish: Wish,
    *,
    version: int | None = None,
    by: User,
    now: datetime,
) -> ResourceRequest:
    """Write a new draft, or change a request that nothing was offered to yet.

    Raises RuleRefused for what could not be sent, and for what others changed since
    `version`.
    """
    with one_transaction():
        refuse(reasons_against_wish(asked, wish, now))
        if asked.pk is None:
            return new_request(asked, wish, by=by, now=now)
        stored = lock_request(asked, version)
        refuse(reasons_against_editing(stored))
        changes = differences(stored, asked)
        days = ranges_text(list(stored.ranges.all()))
        for name in changes:
            setattr(stored, name, getattr(asked, name))
        stored.version += 1
        stored.save()
        write_wish(stored, wish)
        changes |= moved_days(days, ranges_text(list(stored.ranges.all())))
        tell_history(stored, "request-changed", changes, by=by, now=now)
        return stored


def new_request(
    asked: ResourceRequest, wish: Wish, *, by: User, now: datetime
) -> ResourceRequest:
    """Write a draft."""
    asked.state = RequestState.DRAFT
    asked.created_at = asked.ball_since = now
    asked.ball_with = RequestBall.REQUESTER
    asked.save(force_insert=True)
    write_wish(asked, wish)
    tell_history(asked, "request-drafted", {}, by=by, now=now)
    return asked


def write_wish(asked: ResourceRequest, wish: Wish) -> None:
    """Let the request name exactly these days and skills."""
    asked.ranges.all().delete()
    asked.skills.all().delete()
    RequestRange.objects.bulk_create(
        RequestRange(request=asked, starts_on=first, ends_on=last)
        for first, last in sorted(wish.ranges)
    )
    RequestSkill.objects.bulk_create(
        RequestSkill(request=asked, skill=skill, level=level)
        for skill, level in wish.skills
    )


def differences(
    stored: ResourceRequest, asked: ResourceRequest
) -> dict[str, tuple[object, object]]:
    """Return the fields that the form changed, with what they held before."""
    pairs = {name: (getattr(stored, name), getattr(asked, name)) for name in FIELDS}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def moved_days(before: str, after: str) -> dict[str, tuple[object, object]]:
    """Return the change of the days, in words."""
    return {} if before == after else {"days": (before, after)}


def tell_history(
    asked: ResourceRequest,
    verb: str,
    changes: Mapping[str, tuple[object, object]],
    *,
    by: User,
    now: datetime,
) -> None:
    """Write what was done with the request."""
    record(
        verb,
        by=by,
        subject=asked,
        engagement=asked.engagement,
        changes=changes,
        now=now,
    )


def send_request(
    asked: ResourceRequest,
    wish: Wish,
    *,
    version: int | None = None,
    by: User,
    now: datetime,
) -> ResourceRequest:
    """Write a request and send it to coordination, both or neither."""
    with one_transaction():
        saved = save_request(asked, wish, version=version, by=by, now=now)
        return submit_request(saved, by=by, now=now)
