"""Sheets as pages show them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from psdelivery.livetext.models import (
    LiveEditor,
    LiveSheet,
    LiveText,
    LiveTextQuerySet,
    LiveTextVersion,
)
from psdelivery.livetext.registry import CardGroup, Field, Owner, sheet_kind
from psdelivery.livetext.rules import WRITING

SHOWN_VERSIONS = 100


@dataclass(frozen=True)
class Part:
    """A text with what was declared of it."""

    spec: Field
    row: LiveText


@dataclass(frozen=True)
class Card:
    """A card of a group with its texts."""

    group: CardGroup
    number: int
    parts: list[Part]

    @property
    def key(self) -> str:
        return f"{self.group.key}-{self.number}"

    @property
    def seen(self) -> int:
        """Return the sum of its versions, by which a change is noticed."""
        return sum(part.row.version for part in self.parts)


@dataclass(frozen=True)
class Group:
    """A group with the cards that stand."""

    group: CardGroup
    cards: list[Card]


@dataclass(frozen=True)
class Heading:
    """Words above the texts that follow."""

    heading: str


@dataclass(frozen=True)
class SheetPage:
    """A sheet with all that stands on it, in the order of its kind."""

    sheet: LiveSheet
    owner: Owner
    contents: list[Part | Group | Heading] = field(default_factory=list)


def texts_of(sheet: LiveSheet) -> LiveTextQuerySet:
    """Return the texts that stand on the sheet, with who changed them last."""
    texts = LiveText.objects.standing().filter(sheet=sheet)
    return texts.select_related("changed_by")


def words_of(sheet: LiveSheet) -> dict[str, str]:
    """Return the texts of the fields by key; one query."""
    fields = LiveText.objects.filter(sheet=sheet, group="")
    return dict(fields.values_list("key", "text"))


def sheet_page(sheet: LiveSheet, owner: Owner) -> SheetPage:
    """Return the sheet as its page shows it; one query however long it is."""
    kind = sheet_kind(sheet.kind)
    rows = list(texts_of(sheet))
    fields = {row.key: row for row in rows if not row.group}
    contents: list[Part | Group | Heading] = []
    for one in kind.contents:
        if isinstance(one, CardGroup):
            contents.append(Group(one, cards_of(one, rows)))
        elif one.key in fields:
            contents.append(Part(one, fields[one.key]))
    return SheetPage(sheet, owner, contents)


def cards_of(group: CardGroup, rows: Iterable[LiveText]) -> list[Card]:
    """Return the cards of a group among the rows, in the order they were added."""
    found: dict[int, dict[str, LiveText]] = defaultdict(dict)
    for row in rows:
        if row.group == group.key:
            found[row.card][row.part] = row
    return [
        Card(
            group,
            number,
            [Part(spec, parts[spec.key]) for spec in group.parts if spec.key in parts],
        )
        for number, parts in sorted(found.items())
    ]


@dataclass(frozen=True)
class Change:
    """A text that is new since the reader last looked; `card` where one was added."""

    part: Part
    is_removed: bool
    card: Card | None = None


def changes_since(sheet: LiveSheet, version: int) -> list[Change]:
    """Return what changed on the sheet since it had this version (three queries)."""
    kind = sheet_kind(sheet.kind)
    rows = LiveText.objects.filter(sheet=sheet).select_related("changed_by")
    changed = list(rows.changed_since(version))
    own = kind.own_fields(sheet) if changed else {}
    groups = {group.key: group for group in kind.groups}
    cards: dict[str, Card] = {}
    if any(row.group for row in changed):
        whole = list(rows.exclude(group=""))
        for group in groups.values():
            cards |= {card.key: card for card in cards_of(group, whole)}
    found = []
    for row in changed:
        spec = kind.spec_of(row.group or row.key, row.part) or own.get(row.key)
        if spec is not None:
            card = cards.get(f"{row.group}-{row.card}") if row.group else None
            is_removed = row.removed_at is not None
            found.append(Change(Part(spec, row), is_removed, card))
    return found


def writers_at(sheet: LiveSheet, now: datetime) -> QuerySet[LiveEditor]:
    """Return who has which text of the sheet under the pen."""
    writing = LiveEditor.objects.filter(row__sheet=sheet, seen_at__gt=now - WRITING)
    return writing.select_related("person", "row")


def versions_of(row: LiveText) -> QuerySet[LiveTextVersion]:
    """Return what the text said before, and what was kept aside, newest first."""
    return row.versions.select_related("by")[:SHOWN_VERSIONS]
