"""Writing the texts of mails: shipped, edited in versions, gone back to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from psdelivery.history import services as history
from psdelivery.outbox.models import MailTemplate, Message
from psdelivery.outbox.rules.templates import reasons_against_template
from psdelivery.outbox.templates import (
    MailKind,
    ShippedText,
    shipped_text,
    shipped_texts,
)
from psdelivery.registry import Reason, RuleRefused

if TYPE_CHECKING:
    from psdelivery.people.models import User


@dataclass(frozen=True, kw_only=True)
class TypedText:
    """A text as somebody typed it; `seen` is the version that it was made from."""

    subject: str
    body: str
    note: str = ""
    seen: int


@transaction.atomic
def load_templates() -> int:
    """Make or refresh the shipped texts; return how many were written.

    Idempotent. A text that somebody edited is left alone; one that mails were
    written from stays as their version, beside a new one.
    """
    current = {one.kind: one for one in MailTemplate.objects.current()}
    return sum(_load(text, current.get(text.kind)) for text in shipped_texts())


def _load(text: ShippedText, current: MailTemplate | None) -> bool:
    if current is None:
        _add_version(text.kind, text.subject, text.body, after=None)
        return True
    is_same = (current.subject, current.body) == (text.subject, text.body)
    if current.edited_at or is_same:
        return False
    if Message.objects.filter(template=current).exists():
        _add_version(text.kind, text.subject, text.body, after=current)
        return True
    current.subject, current.body = text.subject, text.body
    current.save(update_fields=["subject", "body"])
    return True


def _add_version(
    kind: str,
    subject: str,
    body: str,
    *,
    after: MailTemplate | None,
    by: User | None = None,
    note: str = "",
    now: datetime | None = None,
) -> MailTemplate:
    """Save a new current version; without `now` it counts as shipped."""
    if after is not None:
        MailTemplate.objects.filter(pk=after.pk).update(is_current=False)
    newest = MailTemplate.objects.filter(kind=kind).order_by("-version").first()
    return MailTemplate.objects.create(
        kind=kind,
        version=newest.version + 1 if newest else 1,
        subject=subject,
        body=body,
        edited_at=now,
        edited_by=by,
        note=note,
    )


@transaction.atomic
def save_template(
    kind: MailKind, typed: TypedText, *, by: User, now: datetime
) -> MailTemplate:
    """Save a new version of a text. Raises RuleRefused.

    R-15: refused with a placeholder that the kind does not have. Refused too when
    somebody else has saved a version that the person has not seen.
    """
    reasons = reasons_against_template(typed.subject, typed.body, kind.placeholders)
    current = _locked(kind)
    if current is not None and current.version != typed.seen:
        reasons.append(_reason_of_unseen(current))
    if reasons:
        raise RuleRefused(reasons)
    if current is not None and _says_the_same(current, typed.subject, typed.body):
        return current
    saved = _add_version(
        kind.key,
        typed.subject,
        typed.body,
        after=current,
        by=by,
        note=typed.note,
        now=now,
    )
    _record("template-edited", saved, by=by, now=now)
    return saved


@transaction.atomic
def restore_template(
    kind: MailKind, version: MailTemplate, *, by: User, now: datetime
) -> MailTemplate:
    """Make an earlier version the current one again, as a version of its own.

    Raises RuleRefused when the kind no longer has all of its placeholders.
    """
    return _go_back(kind, version.subject, version.body, str(version.version), by, now)


@transaction.atomic
def reset_template(kind: MailKind, *, by: User, now: datetime) -> MailTemplate:
    """Take the text as it is shipped; upgrades refresh it again from then on.

    Raises RuleRefused for a kind without a shipped text.
    """
    text = shipped_text(kind.key)
    if text is None:
        sentence = _("No text was shipped for this mail.")
        raise RuleRefused([Reason("not-shipped", sentence)])
    saved = _go_back(kind, text.subject, text.body, "", by, now)
    # From here on it counts as shipped; the history says who took it back.
    saved.edited_at = None
    saved.save(update_fields=["edited_at"])
    return saved


def _go_back(
    kind: MailKind, subject: str, body: str, number: str, by: User, now: datetime
) -> MailTemplate:
    reasons = reasons_against_template(subject, body, kind.placeholders)
    if reasons:
        raise RuleRefused(reasons)
    current = _locked(kind)
    if current is not None and _says_the_same(current, subject, body):
        return current
    note = _("As in version %(n)s") % {"n": number} if number else _("As shipped")
    saved = _add_version(
        kind.key, subject, body, after=current, by=by, note=note, now=now
    )
    _record("template-restored", saved, by=by, now=now)
    return saved


def _locked(kind: MailKind) -> MailTemplate | None:
    current = MailTemplate.objects.select_for_update(of=("self",)).current()
    return current.filter(kind=kind.key).first()


def _says_the_same(template: MailTemplate, subject: str, body: str) -> bool:
    return (template.subject, template.body) == (subject, body)


def _reason_of_unseen(current: MailTemplate) -> Reason:
    sentence = _(
        "%(who)s saved version %(n)d meanwhile. What you typed is still here: compare "
        "the two, then save once more."
    )
    who = current.edited_by or _("An upgrade")
    return Reason("unseen", sentence % {"who": who, "n": current.version})


def _record(verb: str, template: MailTemplate, *, by: User, now: datetime) -> None:
    changes = {"version": [None, template.version]}
    history.record(
        verb, by=by, subject=template, changes=changes, reason=template.note, now=now
    )
