"""Bookings as the bars of the board, and the demand that nobody is named for."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from scheduling.capacity_facts import Span
from scheduling.choices import Zoom
from scheduling.models import Allocation
from scheduling.queries.board import (
    BoardFilter,
    booking_condition,
    days_shown,
    unnamed_condition,
)
from scheduling.rules.board import Place, Window, lanes_of, runs_of

# Of rows that gather the bookings of many: further ones are counted, not drawn.
MOST_LANES = 6
BAR_FIELDS = (
    "pk", "version", "hold", "role", "state", "starts_on", "ends_on", "hours", "task",
    "unnamed", "note", "expires_at", "person_id", "partner_id",
    "engagement__title", "engagement__kind", "engagement__customer__name",
    "request__about",
)  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """A run of days of a booking in a row; `lane` is the line that it stands in.

    The first run says what it is, the others repeat it for the eye. `starts_before`
    and `ends_after`: it goes on outside of the window.
    """

    allocation: Allocation
    place: Place
    lane: int
    is_first: bool
    is_dim: bool
    starts_before: bool
    ends_after: bool


@dataclass(frozen=True)
class UnnamedRow:
    """Demand that nobody is named for, by role; `hidden` bookings are not drawn."""

    key: str
    role: str
    title: str
    count: int
    hours: Decimal
    bars: list[Bar]
    lanes: int
    hidden: int


@dataclass(frozen=True)
class Booked:
    """What is drawn: the bookings, and their days in the window."""

    allocations: Mapping[int, Allocation]
    days: Mapping[int, list[date]]
    dim: Collection[int] = field(default_factory=frozenset)

    def of(self, person_id: int | None) -> list[Allocation]:
        """Return the bookings of a person, None: of nobody, in the order of lanes."""
        found = [one for one in self.allocations.values() if one.person_id == person_id]
        return sorted(found, key=lambda one: (one.starts_on, -one.hours, one.pk))


def booked_in(
    window: Window, wanted: BoardFilter, people: Iterable[User], *, unnamed: bool
) -> Booked:
    """Read the bookings of people, and those of nobody, in two queries.

    A third one where filters ask for certain bookings.
    """
    ids = [person.pk for person in people]
    whose = Q(person_id__in=ids)
    if unnamed:
        demand = Allocation.objects.active().filter(unnamed_condition(wanted))
        whose |= Q(person_id=None, allocation__in=demand.order_by().values("pk"))
    days: dict[int, list[date]] = defaultdict(list)
    rows = days_shown(window).filter(whose)
    for allocation_id, day in rows.values_list("allocation_id", "day"):
        days[allocation_id].append(day)
    found = (
        Allocation.objects.filter(pk__in=days)
        .select_related("engagement__customer", "request")
        .only(*BAR_FIELDS)
        .order_by()
    )
    allocations = {one.pk: one for one in found}
    return Booked(allocations, days, frozenset(allocations) - asked_for(days, wanted))


def asked_for(ids: Collection[int], wanted: BoardFilter) -> frozenset[int]:
    """Return the bookings that the filters ask for; all, where they ask for none."""
    if not wanted.is_about_bookings:
        return frozenset(ids)
    rows = Allocation.objects.filter(booking_condition(wanted), pk__in=ids)
    return frozenset(rows.order_by().values_list("pk", flat=True))


def bars_of(
    allocations: Sequence[Allocation],
    window: Window,
    booked: Booked,
    works: Mapping[date, bool],
    *,
    most_lanes: int = 0,
) -> tuple[list[Bar], int, int]:
    """Return the bars of bookings, how many lanes they take, and how many are hidden.

    A booking keeps to one lane; 0 means that there is room for all of them.
    """
    places = [_columns_of(booked.days[one.pk], window) for one in allocations]
    lanes = lanes_of(places)
    bars, hidden = [], 0
    for one, lane in zip(allocations, lanes, strict=True):
        if most_lanes and lane > most_lanes:
            hidden += 1
            continue
        bars += _bars_of_one(one, lane, window, booked, works)
    most = max(lanes, default=0)
    return bars, min(most, most_lanes) if most_lanes else most, hidden


def _columns_of(days: Sequence[date], window: Window) -> tuple[int, int]:
    return window.column_of(min(days)), window.column_of(max(days))


def _bars_of_one(
    one: Allocation,
    lane: int,
    window: Window,
    booked: Booked,
    works: Mapping[date, bool],
) -> list[Bar]:
    places = _merged(runs_of(booked.days[one.pk], works), window)
    return [
        Bar(
            allocation=one,
            place=place,
            lane=lane,
            is_first=number == 0,
            is_dim=one.pk in booked.dim,
            starts_before=number == 0 and one.starts_on < window.first,
            ends_after=number == len(places) - 1 and one.ends_on > window.last,
        )
        for number, place in enumerate(places)
    ]


def _merged(runs: Sequence[Span], window: Window) -> list[Place]:
    """Return where runs stand; those that share or touch a wider column are one."""
    merged: list[tuple[int, int]] = []
    for run in runs:
        first, last = window.column_of(run.first), window.column_of(run.last)
        if merged and first <= merged[-1][1] + (window.zoom != Zoom.DAY):
            merged[-1] = (merged[-1][0], last)
        else:
            merged.append((first, last))
    return [Place(first + 1, last - first + 1) for first, last in merged]


def unnamed_rows(window: Window, booked: Booked) -> list[UnnamedRow]:
    """Return a row for each role that somebody is still looked for, partners last."""
    by_role: dict[tuple[bool, str], list[Allocation]] = defaultdict(list)
    for one in booked.of(None):
        by_role[one.partner_id is not None, one.role].append(one)
    return [
        unnamed_row(role, found, window, booked, is_partner=is_partner)
        for (is_partner, role), found in sorted(by_role.items())
    ]


def unnamed_row(
    role: str,
    found: Sequence[Allocation],
    window: Window,
    booked: Booked,
    *,
    is_partner: bool,
) -> UnnamedRow:
    """Return the row of one role."""
    bars, lanes, hidden = bars_of(found, window, booked, {}, most_lanes=MOST_LANES)
    words = _("Partner: %(role)s") if is_partner else _("Unnamed: %(role)s")
    return UnnamedRow(
        key=f"{'partner' if is_partner else 'unnamed'}-{role}",
        role=role,
        title=words % {"role": EngagementRole(role).label},
        count=len(found),
        hours=sum((one.hours for one in found), Decimal(0)),
        bars=bars,
        lanes=lanes,
        hidden=hidden,
    )
