"""Whom the board shows: the people that can be booked, narrowed by the filters."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.expressions import Window as Over

from psdelivery.people.choices import Role
from psdelivery.people.models import (
    PersonSkill,
    Practice,
    Region,
    RoleGrant,
    Skill,
    User,
    UserQuerySet,
)
from scheduling.models import (
    Allocation,
    AllocationDay,
    AllocationQuerySet,
    BoardView,
    CapacityDay,
)
from scheduling.rules.board import Window

# Who stands on the board before anything is booked on them.
BOOKABLE = (
    Role.PSE,
    Role.TRAINER,
    Role.TECHNICAL_ARCHITECT,
    Role.PARTNER,
    Role.PM,
)
# Free hours are looked for in so many days from the first one shown.
FREE_DAYS = 14
# A page of rows; the others come when they are scrolled to.
BLOCK = 30


@dataclass(frozen=True)
class BoardFilter:
    """What the board is narrowed to; empty means everybody and everything.

    `about`, `engagement_id` and `hold` are about bookings: people who have such a
    booking are shown, with their others in the background.
    """

    text: str = ""
    region_id: int | None = None
    practice_id: int | None = None
    role: str = ""
    skill_id: int | None = None
    about: str = ""
    engagement_id: int | None = None
    hold: str = ""
    free_hours: int = 0
    conflicts: bool = False

    @property
    def is_about_bookings(self) -> bool:
        return bool(self.about or self.engagement_id or self.hold)

    @property
    def is_about_people(self) -> bool:
        """Whether they look for people as such, beside whom no demand is shown."""
        return bool(self.text or self.skill_id or self.free_hours or self.conflicts)


def board_people(wanted: BoardFilter, window: Window) -> UserQuerySet:
    """Return the rows of the board in their order.

    Who is booked on these days is shown whatever their role, and after leaving too.
    """
    holders = RoleGrant.objects.filter(role__in=BOOKABLE).values("user")
    booked = bookings_shown(window)
    everybody: UserQuerySet = User.objects.get_queryset()
    on_board = Q(is_active=True, pk__in=holders) | Q(pk__in=booked.values("person"))
    people = _by_words(everybody.filter(on_board), wanted.text)
    if wanted.region_id:
        people = people.filter(region_id=wanted.region_id)
    if wanted.practice_id:
        people = people.filter(practice_id=wanted.practice_id)
    if wanted.role:
        people = people.with_role(wanted.role)
    if wanted.skill_id:
        skilled = PersonSkill.objects.filter(skill_id=wanted.skill_id)
        people = people.filter(pk__in=skilled.order_by().values("person"))
    if wanted.is_about_bookings:
        found = booked.filter(booking_condition(wanted))
        people = people.filter(pk__in=found.values("person"))
    return _by_load(people, wanted, window).order_by("last_name", "first_name", "pk")


def _by_words(people: UserQuerySet, text: str) -> UserQuerySet:
    for word in text.split():
        people = people.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(username__icontains=word)
        )
    return people


def _by_load(people: UserQuerySet, wanted: BoardFilter, window: Window) -> UserQuerySet:
    if wanted.conflicts:
        rows = CapacityDay.objects.filter(day__range=(window.first, window.last))
        clashing = rows.filter(
            Q(overbooked=True) | Q(soft__gt=0, capacity__lt=F("hard") + F("soft"))
        )
        people = people.filter(pk__in=clashing.order_by().values("person"))
    if wanted.free_hours:
        people = people.exclude(pk__in=_without_free(wanted.free_hours, window))
    return people


def _without_free(hours: int, window: Window) -> QuerySet[CapacityDay, Any]:
    """Return the people who are known to have fewer free hours in the first days.

    Whose days nobody has looked at yet has nothing booked on them.
    """
    last = window.first + timedelta(days=FREE_DAYS - 1)
    rows = CapacityDay.objects.filter(day__range=(window.first, last)).order_by()
    left = Sum(F("capacity") - F("hard"), filter=Q(hard__lt=F("capacity")), default=0)
    sums = rows.values("person").annotate(left=left, known=Count("pk"))
    return sums.filter(known=FREE_DAYS, left__lt=Decimal(hours)).values("person")


def bookings_shown(window: Window) -> AllocationQuerySet:
    """Return the bookings of people that touch the window."""
    rows = Allocation.objects.active().filter(
        person__isnull=False, starts_on__lte=window.last, ends_on__gte=window.first
    )
    return rows.order_by()


def days_shown(window: Window) -> QuerySet[AllocationDay]:
    """Return the booked days within the window."""
    days = AllocationDay.objects.filter(day__range=(window.first, window.last))
    return days.order_by()


def booking_condition(wanted: BoardFilter) -> Q:
    """Return the condition for the bookings that the filters ask for."""
    condition = Q()
    for word in wanted.about.split():
        condition &= (
            Q(engagement__customer__name__icontains=word)
            | Q(engagement__title__icontains=word)
            | Q(request__about__icontains=word)
        )
    if wanted.engagement_id:
        condition &= Q(engagement_id=wanted.engagement_id)
    if wanted.hold:
        condition &= Q(hold=wanted.hold)
    return condition


@dataclass(frozen=True)
class PeoplePage:
    """Some rows of the board, and how many there are."""

    people: list[User]
    total: int


def people_page(people: UserQuerySet, number: int) -> PeoplePage:
    """Return the page of that number, from 1; the size is BLOCK.

    Two queries: the people with the count of all of them, and their roles.
    """
    start = (number - 1) * BLOCK
    rows = list(
        people.select_related("practice", "region")
        .prefetch_related("role_grants")
        .annotate(total=Over(Count("*")))[start : start + BLOCK]
    )
    return PeoplePage(rows, rows[0].total if rows else 0)  # type: ignore[attr-defined]  # annotated


def people_with_places(ids: Collection[int]) -> list[User]:
    """Return these people as rows need them; two queries, none for nobody."""
    people = User.objects.filter(pk__in=ids).select_related("practice", "region")
    return list(people.prefetch_related("role_grants")) if ids else []


@dataclass(frozen=True)
class ViewChoice:
    """A view as the menu shows it; `owner` is its owner's name where it is another."""

    name: str
    query: str
    is_shared: bool
    owner: str


@dataclass(frozen=True)
class Choices:
    """What the filters offer, (key, name) in their order, and the views."""

    regions: list[tuple[int, str]]
    practices: list[tuple[int, str]]
    skills: list[tuple[int, str]]
    views: list[ViewChoice]


def filter_choices(user: User) -> Choices:
    """Return regions, practices, skills and the views that somebody sees; one query."""
    tables = (
        Region.objects.all(),
        Practice.objects.all(),
        Skill.objects.filter(is_active=True),
    )
    parts = [_as_part(rows, number) for number, rows in enumerate(tables)]
    views = _as_part(seen_views(user), len(tables), VIEW_COLUMNS)
    lists: tuple[list[tuple[int, str]], ...] = ([], [], [])
    found: list[ViewChoice] = []
    rows = parts[0].union(*parts[1:], views, all=True).order_by("part", "name", "pk")
    for part, pk, name, *more in rows:
        if part < len(tables):
            lists[part].append((pk, name))
        else:
            found.append(_view_choice(name, *more, user=user))
    regions, practices, skills = lists
    return Choices(regions, practices, skills, found)


VIEW_COLUMNS = (
    "query", "is_shared", "owner_id",
    "owner__username", "owner__first_name", "owner__last_name",
)  # fmt: skip
# The same columns of what is no view.
NO_VIEW = (
    Value(""), Value(False), Value(0),
    Value(""), Value(""), Value(""),
)  # fmt: skip


def _as_part(
    rows: QuerySet[Any], number: int, more: Sequence[Any] = NO_VIEW
) -> QuerySet[Any, Any]:
    """Return (part, key, name and the columns of views) for the one query of all."""
    named: QuerySet[Any, Any] = rows.order_by().annotate(part=Value(number))
    return named.values_list("part", "pk", "name", *more)


def _view_choice(
    name: str, query: str, is_shared: bool, owner_id: int, *names: str, user: User
) -> ViewChoice:
    username, first, last = names
    owner = User(username=username, first_name=first, last_name=last)
    is_own = owner_id == user.pk
    return ViewChoice(name, query, is_shared, "" if is_own else owner.display_name)


def unnamed_condition(wanted: BoardFilter) -> Q:
    """Return the condition for demand that nobody is named for, as filtered."""
    if wanted.is_about_people:
        return Q(pk__in=[])
    condition = Q(person=None)
    if wanted.role:
        condition &= Q(role=wanted.role)
    if wanted.region_id:
        condition &= Q(engagement__region_id=wanted.region_id)
    if wanted.practice_id:
        condition &= Q(engagement__practice_id=wanted.practice_id)
    return condition & booking_condition(wanted)


def seen_views(user: User) -> QuerySet[BoardView]:
    """Return the views that somebody kept, and those kept for everybody."""
    return BoardView.objects.filter(Q(owner=user) | Q(is_shared=True))


def board_views(user: User) -> QuerySet[BoardView]:
    """Return the views that somebody sees with their owners, by name."""
    return seen_views(user).select_related("owner").order_by("name", "pk")
