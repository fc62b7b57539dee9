"""A mail to a customer as its template and the facts of this moment make it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from psdelivery.outbox.markdown import render_mail_markdown
from psdelivery.outbox.models import MailTemplate, Message
from psdelivery.outbox.rules.templates import (
    Facts,
    fill_line,
    fill_text,
    missing_placeholders,
    placeholders_in,
)
from psdelivery.outbox.templates import Addressing, MailKind, mail_kind
from psdelivery.registry import Reason, RuleRefused


@dataclass(frozen=True)
class Letter:
    """Subject and text of a kind for one record; `body` is Markdown."""

    kind: MailKind
    record: Any
    template: MailTemplate
    facts: Facts
    addressing: Addressing

    @cached_property
    def subject(self) -> str:
        return fill_line(self.template.subject, self.facts)

    @cached_property
    def body(self) -> str:
        kind = self.kind
        return fill_text(self.template.body, self.facts, kind.optional, kind.markdown)

    @cached_property
    def bodies(self) -> tuple[str, str]:
        """The text as plain text and as cleaned HTML."""
        return render_mail_markdown(self.body)

    @property
    def html(self) -> SafeString:
        """The HTML, to be shown on a page as it will look."""
        return SafeString(self.bodies[1])

    @cached_property
    def used(self) -> list[str]:
        """The placeholders that this text really has."""
        return placeholders_in(f"{self.template.subject}\n\n{self.template.body}")

    @cached_property
    def missing(self) -> list[Reason]:
        """R-15: what must be entered before this mail may leave, and where."""
        return self.missing_in(self.subject, self.body)

    def missing_in(self, subject: str, body: str) -> list[Reason]:
        """R-15: what lacks in a text that somebody may have edited by hand.

        A value that was typed into the text is no longer missing. What is mended in
        one place is named once.
        """
        names = missing_placeholders(f"{subject}\n\n{body}", {}, {})
        reasons = [*self.addressing.missing, *map(self._missing, names)]
        by_place = {
            reason.fix_url or reason.code: reason for reason in reversed(reasons)
        }
        return list(reversed(by_place.values()))

    def _missing(self, name: str) -> Reason:
        placeholder = self.kind.placeholders.get(name)
        sentence = _("%(what)s of “%(record)s” is missing.") % {
            "what": placeholder.title if placeholder else name,
            "record": self.record,
        }
        if placeholder is None or placeholder.mended_at is None:
            return Reason(f"missing-{name}", sentence)
        url = placeholder.mended_at(self.record)
        return Reason(f"missing-{name}", sentence, url, _("Enter it"))

    @cached_property
    def marks(self) -> dict[str, str]:
        """A mark of each fact in use, by which a change shows without keeping it."""
        return {name: _mark(self.facts.get(name, "")) for name in self.used}

    @cached_property
    def fingerprint(self) -> str:
        """Template, facts and addresses in one word: another one is another mail."""
        to = self.addressing
        parts = [self.template.pk, self.marks, [*to.to], [*to.cc], to.reply_to]
        return _mark(json.dumps(parts, sort_keys=True))

    def changed_since(self, marks: Mapping[str, str]) -> list[str]:
        """Return the names of the facts that differ from those marks."""
        placeholders = self.kind.placeholders
        return [
            str(placeholders[name].title) if name in placeholders else name
            for name in self.used
            if marks.get(name) != self.marks[name]
        ]


def letter_now(message: Message) -> Letter | None:
    """Return what the mail would be if it were made now.

    None for mail without a template, and when what it is about is gone.
    """
    kind = mail_kind(message.kind)
    if kind is None or not message.source:
        return None
    record = kind.topic.rows().filter(pk=message.source["pk"]).first()
    return letter_for(kind, record) if record is not None else None


def is_stale(message: Message) -> bool:
    """Whether facts, template or addresses differ from what the mail was made from."""
    if not message.fingerprint:
        return False
    letter = letter_now(message)
    return letter is None or letter.fingerprint != message.fingerprint


def records_now(messages: Sequence[Message]) -> dict[UUID, Any]:
    """Return what drafts are about as it is now, by their id; a read for each kind.

    What is gone, or is of a kind that is no more, is left out.
    """
    found: dict[UUID, Any] = {}
    for key in {message.kind for message in messages}:
        kind = mail_kind(key)
        mine = {m.pk: str(m.source.get("pk", "")) for m in messages if m.kind == key}
        wanted = set(mine.values()) - {""}
        if kind is None or not wanted:
            continue
        rows = kind.topic.rows().filter(pk__in=wanted)
        records = {str(record.pk): record for record in rows}
        found |= {pk: records[about] for pk, about in mine.items() if about in records}
    return found


def _mark(value: str) -> str:
    return sha256(value.encode()).hexdigest()


def current_template(kind: MailKind) -> MailTemplate:
    """Return the text that new drafts are made from; raises RuleRefused without."""
    template = MailTemplate.objects.current().filter(kind=kind.key).first()
    if template is None:
        sentence = _("The text of “%(kind)s” was never loaded.") % {"kind": kind.title}
        raise RuleRefused([Reason("no-template", sentence)])
    return template


def letter_for(
    kind: MailKind, record: Any, template: MailTemplate | None = None
) -> Letter:
    """Write the mail of a kind about a record; `template` may be one not yet saved."""
    return Letter(
        kind=kind,
        record=record,
        template=template or current_template(kind),
        facts=kind.facts(record),
        addressing=kind.addressing(record),
    )
