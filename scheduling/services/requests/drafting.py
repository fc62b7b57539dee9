"""Write what a request asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from psdelivery.history.services import record
from psdelivery.people.models import Skill, User
from psdelivery.people.services.changes import one_transaction
from psdelivery.registry import refuse
from scheduling.choices import RequestBall, RequestState
from scheduling.models import RequestRange, RequestSkill, ResourceRequest
from scheduling.rules.requests import reasons_against_editing, reasons_against_sending
from scheduling.services.requests.moving import lock_request
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
        refuse(reasons_against_sending(asked, wish.ranges, today_of(asked, now)))
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
