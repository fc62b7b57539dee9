"""Decisions about texts that several people write: no writes, no clock."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from psdelivery.livetext.models import LiveText
from psdelivery.people.validators import without_control_characters
from psdelivery.registry import Reason

TEXT_LENGTH = 20_000
MOST_CARDS = 50
QUARTER = timedelta(minutes=15)
# How long somebody counts as writing after the last sign of it.
WRITING = timedelta(seconds=30)


def clean_text(text: str) -> str:
    """Return the text as it is kept: one kind of line break, nothing unseen.

    Control characters are left out and not refused: they come with pasting, and a
    text that is refused while others wait is a text that gets lost.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return without_control_characters(lines)


def reasons_against_text(text: str) -> list[Reason]:
    """Return the reason against a text that is too long to be kept."""
    if len(text) <= TEXT_LENGTH:
        return []
    sentence = _(
        "This text has %(length)d characters; %(most)d fit. Put the rest into a "
        "document and link it."
    ) % {"length": len(text), "most": TEXT_LENGTH}
    return [Reason("too-long", sentence)]


def reasons_against_card(standing: int) -> list[Reason]:
    """Return the reason against one more card beside those that stand."""
    if standing < MOST_CARDS:
        return []
    sentence = _("%(most)d cards are enough; take one away first.")
    return [Reason("too-many", sentence % {"most": MOST_CARDS})]


def reasons_against_removing(texts: Sequence[LiveText], seen: int) -> list[Reason]:
    """Refuse to take away a card that has changed since it was seen.

    `seen` is the sum of the versions of its texts as the person saw them.
    """
    if sum(text.version for text in texts) == seen:
        return []
    who = next((text.changed_by for text in reversed(texts) if text.changed_by), "")
    sentence = _("%(person)s has changed this card meanwhile. Read it first.")
    return [Reason("changed", sentence % {"person": who})]


def is_told_again(last_told: datetime | None, now: datetime) -> bool:
    """Whether the history hears of a change: once a quarter of an hour at most."""
    return last_told is None or now - last_told >= QUARTER


def merged_text(mine: str, theirs: str) -> str:
    """Return both texts as one: what they share once, and no line of either lost."""
    a, b = theirs.split("\n"), mine.split("\n")
    merged: list[str] = []
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    for _tag, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        merged += a[a_from:a_to]
        if a[a_from:a_to] != b[b_from:b_to]:
            merged += b[b_from:b_to]
    return "\n".join(merged)
