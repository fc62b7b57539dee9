"""The tabs of a class and the cards on its first page, registered by their parts.

Each part of training (plan, roster, labs, certification, …) has a page of its own
under the class, and a card that says on the first page how it stands.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise

from psdelivery.access import URLS, Action, Door
from psdelivery.people.http import SignedInRequest
from training.models import Delivery

MAIN, ASIDE = "main", "aside"


@dataclass(frozen=True)
class ClassTab:
    """A page of a class; `is_shown` decides by the class, the access table by role."""

    view: str
    title: str | Promise
    order: int
    is_shown: Callable[[Delivery], bool] = lambda delivery: True


@dataclass(frozen=True)
class ClassCard:
    """A card on the first page; `context` gives None where there is nothing to say.

    `reads` lets the query that loads the class bring what the card says of it.
    """

    key: str
    template: str
    order: int
    context: Callable[[SignedInRequest, Delivery, datetime], dict[str, Any] | None]
    column: str = ASIDE
    reads: Callable[[QuerySet[Delivery]], QuerySet[Delivery]] = lambda rows: rows


@dataclass(frozen=True)
class TabLink:
    """A tab as it is shown."""

    title: str
    url: str
    is_current: bool


_tabs: dict[str, ClassTab] = {}
_cards: dict[str, ClassCard] = {}


def register_tab(tab: ClassTab) -> None:
    """Add a page of the class; a second one of the same view replaces."""
    _tabs[tab.view] = tab


def register_card(card: ClassCard) -> None:
    """Add a card to the first page; a second one of the same key replaces."""
    _cards[card.key] = card


def with_cards(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Return classes with what their cards say of them (no further query)."""
    for card in _cards.values():
        deliveries = card.reads(deliveries)
    return deliveries


def tabs_of(
    delivery: Delivery, current: str, may: Callable[[Action], bool]
) -> list[TabLink]:
    """Return the tabs that this class has, and that the reader may open."""
    shown = (tab for tab in _tabs.values() if tab.is_shown(delivery))
    return [
        TabLink(
            title=str(tab.title),
            url=reverse(tab.view, args=[delivery.pk]),
            is_current=tab.view == current,
        )
        for tab in sorted(shown, key=lambda tab: tab.order)
        if opens(tab.view, may)
    ]


def opens(view: str, may: Callable[[Action], bool]) -> bool:
    """Tell whether the access table lets the reader open a view of the class."""
    needed = URLS[view]
    return isinstance(needed, Door) or may(needed)


def cards_of(
    request: SignedInRequest, delivery: Delivery, column: str, *, now: datetime
) -> list[tuple[str, dict[str, Any]]]:
    """Return (template, what it shows) of the cards that have something to say."""
    found = sorted(
        (card for card in _cards.values() if card.column == column),
        key=lambda card: card.order,
    )
    told = ((card.template, card.context(request, delivery, now)) for card in found)
    return [(template, shown) for template, shown in told if shown is not None]
