"""What the engagement needs from the places below it, registered by them.

Guards stand against a status move, facts are read by reports and guards, panels
are the tabs of the engagement page, bookings are what the schedule has for the work.
All are registered in `AppConfig.ready()`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from django.http import HttpRequest
from django.utils.functional import Promise

from engagements.choices import Booking
from engagements.models import Engagement, TeamMember
from psdelivery.access import Action
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.people.moments import span_text
from psdelivery.registry import Reason

Guard = Callable[[Engagement, datetime], list[Reason]]
F = TypeVar("F")


class Guards:
    """(status, status) -> what stands against the move, asked in fixed order."""

    def __init__(self) -> None:
        self._by_target: dict[str, list[tuple[int, str, Guard]]] = {}

    def register(self, target: str, guard: Guard, *, order: int = 100) -> None:
        """Ask `guard` before an engagement reaches `target`."""
        name = f"{guard.__module__}.{guard.__qualname__}"
        others = [
            entry for entry in self._by_target.get(target, []) if entry[1] != name
        ]
        self._by_target[target] = sorted(
            [*others, (order, name, guard)], key=lambda entry: entry[:2]
        )

    def reasons(
        self, engagement: Engagement, target: str, now: datetime
    ) -> list[Reason]:
        """Return every reason against the move, in order."""
        return [
            reason
            for _order, _name, guard in self._by_target.get(target, [])
            for reason in guard(engagement, now)
        ]


class Facts:
    """Frozen dataclass -> the function that reads it for an engagement."""

    def __init__(self) -> None:
        self._by_type: dict[type, Callable[[Engagement], Any]] = {}

    def register(self, fact: type[F], reader: Callable[[Engagement], F | None]) -> None:
        """Let `reader` tell this fact of an engagement, None where there is none."""
        self._by_type[fact] = reader

    def read(self, fact: type[F], engagement: Engagement) -> F | None:
        """Return the fact, None where no place below tells it."""
        reader = self._by_type.get(fact)
        return reader(engagement) if reader else None


@dataclass(frozen=True)
class Panel:
    """A tab of the engagement page.

    `is_shown` decides by the engagement alone, `needs` by what the reader may do;
    `context` reads what the template shows, with the request for rights and zone.
    """

    key: str
    title: str | Promise
    template: str
    order: int
    context: Callable[[HttpRequest, Engagement], dict[str, Any]]
    is_shown: Callable[[Engagement], bool] = lambda engagement: True
    needs: Action = Action.ENGAGEMENT_SEE


class Panels:
    def __init__(self) -> None:
        self._by_key: dict[str, Panel] = {}

    def register(self, panel: Panel) -> None:
        """Add the tab; the same key replaces."""
        self._by_key[panel.key] = panel

    def get(self, key: str) -> Panel | None:
        """Return the tab of that key."""
        return self._by_key.get(key)

    def shown_for(self, engagement: Engagement) -> list[Panel]:
        """Return the tabs that the engagement has, in their order."""
        panels = [p for p in self._by_key.values() if p.is_shown(engagement)]
        return sorted(panels, key=lambda panel: panel.order)


@dataclass(frozen=True, kw_only=True)
class Booked:
    """A booking with days to come: who, how firm, its days and hours from today on.

    `key` names it in the answers of a form; `hold` is soft or hard. Without a `person`
    it is an unnamed resource, or a consultant of a partner.
    """

    key: int
    person: User | None
    who: str
    role: str
    hold: str
    first_day: date
    last_day: date
    hours: Decimal
    url: str = ""

    @property
    def is_hard(self) -> bool:
        return self.hold == Booking.HARD

    @property
    def hold_words(self) -> str:
        return str(Booking(self.hold).label)

    @property
    def span(self) -> str:
        return span_text(self.first_day, self.last_day)

    @property
    def role_words(self) -> str:
        return str(EngagementRole(self.role).label)


@dataclass(frozen=True, kw_only=True)
class Settling:
    """Who decided what becomes of bookings, why and when."""

    by: User | None
    reason: str
    now: datetime


class BookingKeeper(Protocol):
    """The place that keeps the bookings of engagements."""

    def to_come(self, engagement: Engagement, now: datetime) -> list[Booked]:
        """Return the soft and hard bookings that have days to come."""

    def settle(
        self, engagement: Engagement, choices: Mapping[int, str], settling: Settling
    ) -> int:
        """Do with each booking what was chosen; return how many changed."""

    def hand_on(
        self, member: TeamMember, to: User, *, leaves_open: bool, settling: Settling
    ) -> None:
        """Give the bookings to come of a person in a role to the next person."""


class Bookings:
    """What the schedule has for an engagement; nothing until it has registered."""

    def __init__(self) -> None:
        self._keeper: BookingKeeper | None = None

    def register(self, keeper: BookingKeeper) -> None:
        """Let this place tell and settle the bookings; the last one counts."""
        self._keeper = keeper

    def to_come(self, engagement: Engagement, now: datetime) -> list[Booked]:
        """Return the soft and hard bookings that have days to come."""
        return self._keeper.to_come(engagement, now) if self._keeper else []

    def settle(
        self, engagement: Engagement, choices: Mapping[int, str], settling: Settling
    ) -> int:
        """Keep, soften or release each booking as chosen; return how many changed.

        Inside the caller's transaction. Bookings that are not named stay.
        """
        if self._keeper is None or not choices:
            return 0
        return self._keeper.settle(engagement, choices, settling)

    def hand_on(
        self, member: TeamMember, to: User, *, leaves_open: bool, settling: Settling
    ) -> None:
        """Give the bookings to come of a person in a role to the next person.

        R-6 is asked; what does not fit into the days of the next person becomes an
        unnamed resource where it `leaves_open` such bookings, else RuleRefused.
        """
        if self._keeper is not None:
            self._keeper.hand_on(member, to, leaves_open=leaves_open, settling=settling)


guards = Guards()
facts = Facts()
panels = Panels()
bookings = Bookings()
