"""Kinds of sheets: which texts they have, and whose record they belong to.

A place that owns sheets registers its kind in `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Model
from django.http import HttpRequest
from django.utils.functional import Promise

if TYPE_CHECKING:
    from psdelivery.livetext.models import LiveSheet, LiveText

Words = str | Promise


@dataclass(frozen=True)
class Field:
    """A text of a sheet: its key, what stands above it, and how tall it begins."""

    key: str
    label: Words
    help: Words = ""
    rows: int = 4


@dataclass(frozen=True)
class CardGroup:
    """Cards that people add and take away, each with the same parts."""

    key: str
    title: Words
    parts: tuple[Field, ...]
    help: Words = ""
    add_label: Words = ""


@dataclass(frozen=True)
class Owner:
    """The record that a sheet belongs to, as the person at hand meets it.

    `subject` and `engagement` are what the history names; `url` is the page on which
    the sheet is written.
    """

    subject: Model
    title: str
    url: str
    may_edit: bool
    engagement: Model | None = None


# Raises Http404 for who may not even read the sheet.
Loader = Callable[[HttpRequest, "LiveSheet"], Owner]
# The fields that one sheet has beside those of its kind, such as answers to questions.
OwnFields = Callable[["LiveSheet"], Mapping[str, Field]]


def no_own_fields(sheet: LiveSheet) -> Mapping[str, Field]:
    return {}


@dataclass(frozen=True)
class SheetKind:
    """What the sheets of a kind hold, in the order of the page.

    Where each sheet has texts of its own besides, `own_fields` names them by key, and
    the place that owns the sheet makes their rows.
    """

    key: str
    contents: tuple[Field | CardGroup, ...]
    loader: Loader
    own_fields: OwnFields = no_own_fields

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(one for one in self.contents if isinstance(one, Field))

    @property
    def groups(self) -> tuple[CardGroup, ...]:
        return tuple(one for one in self.contents if isinstance(one, CardGroup))

    def group(self, key: str) -> CardGroup | None:
        """Return the group of cards of that key."""
        return next((group for group in self.groups if group.key == key), None)

    def order_of(self, key: str) -> int:
        """Return the place of a field or group on the page."""
        return [one.key for one in self.contents].index(key)

    def spec_of(self, key: str, part: str = "") -> Field | None:
        """Return what was declared of a field, or of a part of a group's cards."""
        group = self.group(key)
        found = group.parts if group else self.fields
        wanted = part if group else key
        return next((one for one in found if one.key == wanted), None)

    def spec_of_row(self, row: LiveText) -> Field | None:
        """Return what was declared of a row, by the kind or by its own sheet."""
        declared = self.spec_of(row.group or row.key, row.part)
        if declared is not None or row.group:
            return declared
        return self.own_fields(row.sheet).get(row.key)


_kinds: dict[str, SheetKind] = {}


def register_sheet(kind: SheetKind) -> None:
    """Enter a kind of sheet; the same key replaces."""
    _kinds[kind.key] = kind


def sheet_kind(key: str) -> SheetKind:
    """Return the kind of that key; KeyError where nobody registered it."""
    return _kinds[key]
