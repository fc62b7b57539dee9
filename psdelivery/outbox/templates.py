"""Kinds of mail to customers: what each is about, and what its text may say.

A place below registers its kinds in `AppConfig.ready()`. A kind declares a flat
dictionary of placeholders; its facts are strings, dates already written in the zone
that the rule names. The texts are data (`MailTemplate`), edited in the portal.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from psdelivery.outbox.models import Message
from psdelivery.outbox.renderers import register_kind
from psdelivery.outbox.rules.templates import Facts, Placeholder
from psdelivery.registry import Reason

if TYPE_CHECKING:
    from psdelivery.people.models import User


@dataclass(frozen=True, kw_only=True)
class Addressing:
    """Who gets a mail and who reads the answer; `missing` says what lacks for it."""

    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    reply_to: str = ""
    missing: Sequence[Reason] = ()


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A kind of record that mails are about, as far as the outbox must know it.

    `rows` are all records with what the facts read of them; `within` those that a
    person may write about, `matching` those that fit typed words. `of_step` is the
    record that a step is about, None where it is about another kind. `is_own_work`
    lets engineers and trainers write about their own sessions and discovery.
    """

    title: str | Promise
    rows: Callable[[], QuerySet[Any]]
    within: Callable[[User], QuerySet[Any]]
    matching: Callable[[str], Any]
    engagement_of: Callable[[Any], Model | None]
    thread_of: Callable[[Any], str]
    of_step: Callable[[Any], Any | None]
    is_own_work: Callable[[User, Any], bool] = lambda user, record: False


# The record, now -> what stands against a mail about it.
Against = Callable[[Any, datetime], Sequence[Reason]]


def nothing_against(record: Any, now: datetime) -> Sequence[Reason]:
    return ()


@dataclass(frozen=True, kw_only=True)
class MailKind:
    """A kind of mail: its placeholders, and who reads the facts of a record.

    `is_offered` tells whether the mail makes sense for a record at all, `against` what
    stands against sending it beside what is missing, `against_drafting` what stands
    even against writing it down (a code that is dead). With `closes_step` its step is
    done once it has left (that of a request for homework is not). With
    `has_fixed_readers` nobody sends it to somebody else.
    """

    key: str
    title: str | Promise
    help: str | Promise
    topic: Topic
    placeholders: Mapping[str, Placeholder]
    facts: Callable[[Any], Facts]
    addressing: Callable[[Any], Addressing]
    is_offered: Callable[[Any], bool] = lambda record: True
    against: Against = nothing_against
    against_drafting: Against = nothing_against
    closes_step: bool = True
    has_fixed_readers: bool = False

    @property
    def optional(self) -> frozenset[str]:
        """The placeholders that may be empty."""
        found = self.placeholders.items()
        return frozenset(name for name, one in found if one.is_optional)

    @property
    def markdown(self) -> frozenset[str]:
        """The placeholders that keep the Markdown that colleagues wrote."""
        found = self.placeholders.items()
        return frozenset(name for name, one in found if one.is_markdown)

    @property
    def has_secret(self) -> bool:
        """Whether the text may hold what lets people in."""
        return any(one.is_secret for one in self.placeholders.values())


@dataclass(frozen=True)
class ShippedText:
    """A text as it comes with the portal."""

    kind: str
    subject: str
    body: str


# What stands against a mail for the sake of what it belongs to, such as its step.
Guard = Callable[[Message], Sequence[Reason]]


@dataclass
class _Register:
    kinds: dict[str, MailKind] = field(default_factory=dict)
    texts: dict[str, ShippedText] = field(default_factory=dict)
    guards: dict[str, Guard] = field(default_factory=dict)


_register = _Register()


def register_mail(kind: MailKind) -> None:
    """Enter a kind of mail; the same key replaces."""
    _register.kinds[kind.key] = kind
    register_kind(kind.key, kind.title)


def register_texts(path: Path) -> None:
    """Enter the texts that a place ships (`data/mails.toml`)."""
    for entry in tomllib.loads(path.read_text("utf-8"))["mail"]:
        text = ShippedText(entry["kind"], entry["subject"], entry["body"].strip())
        _register.texts[text.kind] = text


def register_guard(name: str, guard: Guard) -> None:
    """Ask `guard` before a draft leaves; the same name replaces."""
    _register.guards[name] = guard


def reasons_of_guards(message: Message) -> list[Reason]:
    """Return what the places below have against a draft's leaving."""
    return [one for guard in _register.guards.values() for one in guard(message)]


def mail_kind(key: str) -> MailKind | None:
    """Return the kind of that key, None for mail that has no template."""
    return _register.kinds.get(key)


def mail_kinds() -> list[MailKind]:
    """Return all kinds in the order in which they were entered."""
    return list(_register.kinds.values())


def kinds_about(topic: Topic) -> list[MailKind]:
    """Return the kinds of mail about this kind of record."""
    return [kind for kind in mail_kinds() if kind.topic is topic]


def shipped_text(key: str) -> ShippedText | None:
    """Return the text of a kind as it was shipped."""
    return _register.texts.get(key)


def shipped_texts() -> list[ShippedText]:
    """Return all shipped texts."""
    return list(_register.texts.values())
