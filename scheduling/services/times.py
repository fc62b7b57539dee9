"""Take and free the times of people and host accounts (R-22).

Whoever takes times locks the people, then the accounts, each by key; PostgreSQL
holds the rule once more by a constraint.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from engagements.models import Engagement
from psdelivery.people.models import User
from psdelivery.people.register import portal_settings
from psdelivery.people.services.changes import one_transaction
from psdelivery.registry import refuse
from scheduling.models import HostAccount, OccupiedTime
from scheduling.rules.times import (
    Blocked,
    Slot,
    blocked_slots,
    reasons_against_taking,
)
from scheduling.settings import AFTER_MINUTES, BEFORE_MINUTES, TRAVEL_MINUTES


@dataclass(frozen=True, kw_only=True)
class Source:
    """What takes the times: a class, a meeting; `kind` and `key` find its rows again.

    `zone` is the one in which people are told of them.
    """

    kind: str
    key: str
    title: str
    zone: str
    url: str = ""
    engagement: Engagement | None = None


@dataclass(frozen=True)
class Takers:
    """Who is there: people, and the account that the meeting is held with."""

    people: Collection[User] = ()
    host: HostAccount | None = None
    is_on_site: bool = False


def occupy(
    source: Source, slots: Collection[Slot], takers: Takers, *, now: datetime
) -> None:
    """R-22: let the source take exactly these times; raises RuleRefused.

    What is over by now is neither checked nor written anew: it happened.
    """
    with one_transaction():
        people, host = locked(takers)
        rows = rows_of(source).filter(ends_at__gt=now)
        coming = [slot for slot in slots if slot.ends_at > now]
        wanted = with_room(coming, takers)
        others = OccupiedTime.objects.filter(of_takers(people, host))
        taken = near(others, wanted).exclude(pk__in=rows.values("pk"))
        refuse(reasons_against_taking(wanted, taken, zone=source.zone))
        rows.delete()
        write(source, wanted, people, host)


def free(source: Source, *, now: datetime) -> None:
    """Let go of the times to come; inside the caller's transaction."""
    rows_of(source).filter(ends_at__gt=now).delete()


def rows_of(source: Source) -> QuerySet[OccupiedTime]:
    """Return the rows that the source has written."""
    return OccupiedTime.objects.filter(source=source.kind, source_id=source.key)


def with_room(slots: Collection[Slot], takers: Takers) -> list[Blocked]:
    """Return the slots with what is kept free around them: more where one travels."""
    portal = portal_settings()
    before, after = portal[BEFORE_MINUTES], portal[AFTER_MINUTES]
    if takers.is_on_site:
        before = after = portal[TRAVEL_MINUTES]
    return blocked_slots(
        slots, before=timedelta(minutes=before), after=timedelta(minutes=after)
    )


def locked(takers: Takers) -> tuple[list[User], HostAccount | None]:
    """Return people and account as they are, each locked in the order of their keys."""
    people = User.objects.select_for_update(no_key=True, of=("self",))
    found = list(people.filter(pk__in=[one.pk for one in takers.people]).order_by("pk"))
    if takers.host is None:
        return found, None
    hosts = HostAccount.objects.select_for_update(no_key=True)
    return found, hosts.get(pk=takers.host.pk)


def of_takers(people: Collection[User], host: HostAccount | None) -> Q:
    """Return the condition for the rows of these people and this account."""
    mine = Q(person__in=[one.pk for one in people])
    return mine | Q(host=host) if host is not None else mine


def near(
    rows: QuerySet[OccupiedTime], wanted: Collection[Blocked]
) -> QuerySet[OccupiedTime]:
    """Return the rows that touch the span of what is wanted."""
    if not wanted:
        return rows.none()
    first = min(one.blocked_from for one in wanted)
    last = max(one.blocked_to for one in wanted)
    touching = rows.filter(blocked_from__lt=last, blocked_to__gt=first)
    return touching.select_related("person", "host").order_by("starts_at", "pk")


def write(
    source: Source,
    wanted: Collection[Blocked],
    people: Collection[User],
    host: HostAccount | None,
) -> None:
    """Write a row for each slot and taker."""
    takers: list[dict[str, User | HostAccount]] = [{"person": one} for one in people]
    takers += [{"host": host}] if host is not None else []
    OccupiedTime.objects.bulk_create(
        OccupiedTime(
            starts_at=one.slot.starts_at,
            ends_at=one.slot.ends_at,
            blocked_from=one.blocked_from,
            blocked_to=one.blocked_to,
            source=source.kind,
            source_id=source.key,
            title=source.title[:200],
            url=source.url,
            engagement=source.engagement,
            **taker,
        )
        for one in wanted
        for taker in takers
    )
