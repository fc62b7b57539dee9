"""Mails as they would look for a real record, without writing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from psdelivery.outbox.letters import Letter, letter_for
from psdelivery.outbox.models import MailTemplate
from psdelivery.outbox.templates import MailKind

if TYPE_CHECKING:
    from psdelivery.people.models import User

MOST_CHOICES = 20


def record_choices(kind: MailKind, user: User, words: str) -> list[Any]:
    """Return the newest records that the person may see and that fit the words."""
    within = kind.topic.within(user)
    if words:
        within = within.filter(kind.topic.matching(words))
    found = within.order_by("-pk").values_list("pk", flat=True)[:MOST_CHOICES]
    newest = list(kind.topic.rows().filter(pk__in=list(found)).order_by("-pk"))
    return sorted(newest, key=lambda record: not kind.is_offered(record))


def chosen_record(
    kind: MailKind, user: User, wanted: int | None, choices: Sequence[Any]
) -> Any | None:
    """Return the record asked for, if the person may see it; else the first choice."""
    if wanted is None:
        return choices[0] if choices else None
    within = kind.topic.within(user).filter(pk=wanted)
    return kind.topic.rows().filter(pk__in=within.values("pk")).first()


def preview_of(kind: MailKind, record: Any, subject: str, body: str) -> Letter:
    """Write a mail from a text that need not be saved; secrets stay covered."""
    text = MailTemplate(kind=kind.key, subject=subject, body=body)
    letter = letter_for(kind, record, text)
    covered = {
        name: _("(a secret: it shows in the draft)")
        for name, one in kind.placeholders.items()
        if one.is_secret and letter.facts.get(name)
    }
    return replace(letter, facts={**letter.facts, **covered})
