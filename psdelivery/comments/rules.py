"""Decisions about comments: no writes, no clock, no request."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from psdelivery.comments.models import Comment
from psdelivery.people.models import User
from psdelivery.registry import Reason

# Long enough for a slip, too short to change what somebody has answered.
EDITABLE = timedelta(minutes=15)
MOST_MENTIONS = 20

# Not in an address such as ann@example.com, and not in code.
_mention = re.compile(r"(?<![\w@.+-])@([\w.+-]+)")
_code = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def mentioned_names(text: str) -> list[str]:
    """Return the log-in names that a text mentions, in small letters, each once.

    A full stop or a dash at the end belongs to the sentence.
    """
    found = _mention.findall(_code.sub(" ", text))
    names = (name.rstrip(".+-").lower() for name in found)
    return list(dict.fromkeys(name for name in names if name))


def reasons_against_mentions(
    names: Iterable[str], people: Mapping[str, User], readers: Collection[int]
) -> list[Reason]:
    """Only who works here and may see the record is mentioned: nobody else would know.

    `people` are those found by their log-in name, `readers` the ids of those of them
    who may see the record.
    """
    names = list(names)
    if len(names) > MOST_MENTIONS:
        sentence = _("Mention at most %(most)s people in a comment.")
        return [Reason("too-many", sentence % {"most": MOST_MENTIONS})]
    found = ((name, _problem(people.get(name), readers)) for name in names)
    return [Reason("mention", words % {"name": name}) for name, words in found if words]


def _problem(person: User | None, readers: Collection[int]) -> str:
    if person is None:
        return _("Nobody has the log-in name @%(name)s.")
    if not person.is_active:
        return _("@%(name)s has left and would not read it.")
    if person.pk not in readers:
        return _("@%(name)s may not see this, and would not be told.")
    return ""


def reasons_against_editing(
    comment: Comment, by: User, *, now: datetime
) -> list[Reason]:
    """Its author mends a comment for a quarter of an hour; then it was read."""
    if reasons := reasons_against_deleting(comment, by):
        return reasons
    if now - comment.at <= EDITABLE:
        return []
    return [
        Reason("too-late", _("A comment can be changed for 15 minutes. Write another."))
    ]


def reasons_against_deleting(comment: Comment, by: User) -> list[Reason]:
    """Only its author takes a comment back, and once."""
    if comment.is_deleted:
        return [Reason("deleted", _("This comment was deleted."))]
    if comment.by_id != by.pk:
        return [Reason("not-yours", _("This comment is not yours."))]
    return []


def may_edit(comment: Comment, by: User, *, now: datetime) -> bool:
    """See `reasons_against_editing`."""
    return not reasons_against_editing(comment, by, now=now)


def may_delete(comment: Comment, by: User) -> bool:
    """See `reasons_against_deleting`."""
    return not reasons_against_deleting(comment, by)
