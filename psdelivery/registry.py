"""What higher places take from lower ones without importing them.

Reactions: what lower places do when something happens in a higher one. The
publisher defines a frozen dataclass for its event; whoever wants to react
registers a function in `AppConfig.ready()`. No model signals: the order is
fixed and the reactions can be listed.

Refusals: the one shape in which every rule says no, and the way out.

Waiting: what waits for a person without a deadline of its own, such as a mail to
check; each place tells its own, My day shows them together.

Holdings: what somebody holds, shown before they go away or leave for good.

Reach: which engagements are in a person's scope, told by the engagements.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar, cast

from django.db import transaction
from django.db.models import Q

E = TypeVar("E")

# Each function takes the event class under which it stands in the register.
Reaction = Callable[[Any], None]


class OutsideTransactionError(RuntimeError):
    """An event was published where its reactions could not be rolled back."""


class Reactions:
    def __init__(self) -> None:
        self._by_event: dict[type, list[tuple[int, str, Reaction]]] = {}

    def on(
        self, event_class: type[E], order: int = 100
    ) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
        """Register the decorated function for `event_class`."""

        def decorator(function: Callable[[E], None]) -> Callable[[E], None]:
            self.register(event_class, function, order=order)
            return function

        return decorator

    def register(
        self, event_class: type[E], function: Callable[[E], None], *, order: int = 100
    ) -> None:
        """Register `function`; a second registration of the same name replaces."""
        name = f"{function.__module__}.{function.__qualname__}"
        others = [e for e in self._by_event.get(event_class, []) if e[1] != name]
        entry = (order, name, cast(Reaction, function))
        self._by_event[event_class] = sorted([*others, entry], key=lambda e: e[:2])

    def names(self, event_class: type) -> list[str]:
        """Return the qualified names of the reactions, in the order they run."""
        return [name for _, name, _ in self._by_event.get(event_class, [])]

    def publish(self, event: object) -> None:
        """Run the reactions to `event` now, inside the publisher's transaction."""
        if not transaction.get_connection().in_atomic_block:
            raise OutsideTransactionError(type(event).__qualname__)
        for _, _, function in self._by_event.get(type(event), []):
            function(event)


reactions = Reactions()


@dataclass(frozen=True)
class Reason:
    """Why something is refused, in a sentence, with a link to where it is mended."""

    code: str
    sentence: str
    fix_url: str = ""
    fix_label: str = ""


class RuleRefused(Exception):
    """A rule says no; the reasons are for the person who asked."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(" ".join(reason.sentence for reason in reasons))
        self.reasons = list(reasons)


def refuse(reasons: Sequence[Reason]) -> None:
    """Raise RuleRefused where there are reasons."""
    if reasons:
        raise RuleRefused(reasons)


# (user, scope, path to the engagement) -> the rows of engagements in that scope.
EngagementReach = Callable[[Any, int, str], Q]


class Reach:
    """The condition that limits rows to the engagements of a person's scope."""

    def __init__(self) -> None:
        self._function: EngagementReach | None = None

    def register(self, function: EngagementReach) -> None:
        """Let the place of the engagements say what lies in a scope."""
        self._function = function

    def condition(self, user: Any, scope: int, path: str) -> Q:
        """Return the condition for rows that reach their engagement by `path`.

        Nothing is in reach while nobody has registered: deny by default.
        """
        if self._function is None:
            return Q(pk__in=[])
        return self._function(user, scope, path)

    def covers(self, user: Any, scope: int, engagement: Any) -> bool:
        """Tell whether an engagement lies in the scope.

        No query where it was loaded for this person: how near it is was read with it.
        """
        if getattr(engagement, "near_to", None) == user.pk:
            return bool(scope >= engagement.near)
        rows = type(engagement)._default_manager.filter(pk=engagement.pk)
        return bool(rows.filter(self.condition(user, scope, "")).exists())


reach = Reach()


@dataclass(frozen=True, kw_only=True)
class WaitingItem:
    """Something without a deadline that waits for the reader.

    `why` says why the reader sees it, `since` since when it waits (UTC). With an
    `action_url` the row has a button of its own that posts there.
    """

    title: str
    url: str
    why: str
    since: datetime
    icon: str = "inbox"
    action_url: str = ""
    action_label: str = ""


# (user, now) -> what waits, the longest first; a constant number of queries.
WaitingSource = Callable[[Any, datetime], Sequence[WaitingItem]]


class Waiting:
    """Sources of what waits for a person, asked in a fixed order."""

    def __init__(self) -> None:
        self._sources: dict[str, tuple[int, WaitingSource]] = {}

    def register(self, name: str, source: WaitingSource, *, order: int) -> None:
        """Add a source; the same name replaces."""
        self._sources[name] = (order, source)

    def items_for(self, user: Any, now: datetime) -> list[WaitingItem]:
        """Return what waits for the person, source by source."""
        ordered = sorted(self._sources.values(), key=lambda entry: entry[0])
        return [item for _order, source in ordered for item in source(user, now)]


waiting = Waiting()


@dataclass(frozen=True)
class HeldItem:
    """One thing that somebody holds; without a `url` where the viewer may not open it.

    `note` says when it falls due, or for whom it is.
    """

    title: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Held:
    """What somebody holds of one kind, and where it goes from there.

    `count` counts all of it; `items` are the first that the viewer may see.
    """

    title: str
    count: int
    items: Sequence[HeldItem]
    goes_to: str


@dataclass(frozen=True)
class Absentee:
    """Somebody who will be away on these days (both included, their own calendar).

    Without a last day they leave for good.
    """

    person: Any
    first: date
    last: date | None

    @property
    def is_leaving(self) -> bool:
        return self.last is None


# (absentee, viewer, now) -> what they hold; a constant number of queries.
HoldingSource = Callable[[Absentee, Any, datetime], Sequence[Held]]


class Holdings:
    """Sources of what somebody holds, shown before they go away or leave (R-23)."""

    def __init__(self) -> None:
        self._sources: dict[str, tuple[int, HoldingSource]] = {}

    def register(self, name: str, source: HoldingSource, *, order: int) -> None:
        """Add a source; the same name replaces."""
        self._sources[name] = (order, source)

    def held_by(self, absentee: Absentee, viewer: Any, now: datetime) -> list[Held]:
        """Return what is held, source by source; nothing that counts none."""
        ordered = sorted(self._sources.values(), key=lambda entry: entry[0])
        found = (
            one for _order, source in ordered for one in source(absentee, viewer, now)
        )
        return [one for one in found if one.count]


holdings = Holdings()


class ShippedData:
    """Loaders of the data that comes with each place, run in the order given."""

    def __init__(self) -> None:
        self._loaders: dict[str, tuple[int, Callable[[], int]]] = {}

    def register(self, name: str, loader: Callable[[], int], *, order: int) -> None:
        """Add an idempotent loader that returns how many records it wrote."""
        self._loaders[name] = (order, loader)

    def load_all(self) -> list[tuple[str, int]]:
        """Run every loader; return what each wrote."""
        ordered = sorted(self._loaders.items(), key=lambda item: item[1][0])
        return [(name, loader()) for name, (_order, loader) in ordered]


shipped_data = ShippedData()
