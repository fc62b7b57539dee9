"""Who is away, and who stands in for them (R-23).

Work is never given to somebody else for time off: whoever stands in sees it and
may do it, and on the first day back it is where it was. Whoever is off for some hours
of a day is not away: nobody stands in.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from psdelivery.people.models import TimeOff, User
from psdelivery.people.queries import remembered

ONE_DAY = timedelta(days=1)
# What tells whether it is a day of somebody's time off, and who stands in. Every page
# asks: reading all columns of both would take longer than all else of it.
SHOWN_OF_ABSENCE = (
    "starts_on", "ends_on", "hours_per_day", "deputy",
    "person__zone", "person__manager",
)  # fmt: skip


@dataclass(frozen=True)
class Absence:
    """Whom somebody who is away has left behind: the deputy named, the manager."""

    deputy_id: int | None
    manager_id: int | None


def stand_in_of(
    person_id: int, absences: Mapping[int, Absence], here: Collection[int]
) -> int | None:
    """R-23: who stands in for somebody away: the deputy, else the manager.

    Whoever is away too passes it on the same way, each asked once, so that two who
    deputise for each other end it. `here` are the people who work here; None means
    that nobody is left, and the pool takes over.
    """
    seen = {person_id}
    waiting = _next_of(absences[person_id])
    while waiting:
        candidate = waiting.pop()
        if candidate in seen:
            continue
        seen.add(candidate)
        if candidate in absences:
            waiting += _next_of(absences[candidate])
        elif candidate in here:
            return candidate
    return None


def is_away(time_off: TimeOff, person: User, now: datetime) -> bool:
    """Whether it is a day of this time off where the person is."""
    if not time_off.is_whole_days:
        return False
    return time_off.starts_on <= local_day(person, now) <= time_off.ends_on


def local_day(person: User, now: datetime) -> date:
    """Return the day that the person calls today."""
    return now.astimezone(ZoneInfo(person.zone)).date()


def away_on(person_ids: Iterable[int], day: date) -> dict[int, TimeOff]:
    """Return who of these people is away on a day of their own calendar; one query.

    Of two that overlap (ill on holiday) the one that was entered last counts.
    """
    rows = TimeOff.objects.whole_days().filter(
        person_id__in=set(person_ids), starts_on__lte=day, ends_on__gte=day
    )
    return {row.person_id: row for row in rows.order_by("pk")}


def stand_ins(now: datetime, people: Iterable[User]) -> dict[int, User | None]:
    """R-23: return who stands in now for each of these people who is away.

    People who are not away are not in it; None means that nobody is left. One query
    when nobody of them is away, two otherwise, however long the chains are.
    """
    absences = _absences(now)
    away = [person.pk for person in people if person.pk in absences]
    if not away:
        return {}
    here = _people_here(absences)
    found = {pk: stand_in_of(pk, absences, here) for pk in away}
    return {pk: None if other is None else here[other] for pk, other in found.items()}


def addresses_away(now: datetime) -> frozenset[str]:
    """R-23: return the addresses at which nobody reads now, for mail to a pool."""
    people = User.objects.active().filter(pk__in=list(_absences(now)))
    return frozenset(people.order_by("pk").values_list("email", flat=True))


def deputised_by(user: User, now: datetime) -> list[int]:
    """Return the ids of people away now for whom this person stands in (R-23).

    Two queries at most, remembered on the person at hand like the pools.
    """
    return remembered(user, "_deputised_ids", lambda person: _deputised(person, now))


def _deputised(user: User, now: datetime) -> list[int]:
    absences = _absences(now)
    if not absences:
        return []
    here = _people_here(absences)
    return [pk for pk in absences if stand_in_of(pk, absences, here) == user.pk]


def _absences(now: datetime) -> dict[int, Absence]:
    """Return everybody who is away now, each by the own calendar day; one query."""
    # Between the first zone and the last three days of the calendar are today.
    near = TimeOff.objects.whole_days().filter(
        starts_on__lte=now.date() + ONE_DAY,
        ends_on__gte=now.date() - ONE_DAY,
        person__is_active=True,
    )
    return {
        row.person_id: Absence(row.deputy_id, row.person.manager_id)
        for row in near.select_related("person").only(*SHOWN_OF_ABSENCE).order_by("pk")
        if is_away(row, row.person, now)
    }


def _people_here(absences: Mapping[int, Absence]) -> dict[int, User]:
    """Return those who could stand in and have not left; one query."""
    asked = {pk for absence in absences.values() for pk in _next_of(absence)}
    return User.objects.active().in_bulk(asked - set(absences))


def _next_of(absence: Absence) -> list[int]:
    """Return whom to ask, the first at the end."""
    asked = (absence.manager_id, absence.deputy_id)
    return [pk for pk in asked if pk is not None]
