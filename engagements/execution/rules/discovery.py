"""Discovery sessions: what stands against writing, removing and asking.

Pure: no database, no clock, no request.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.choices import Status
from engagements.execution.rules.question_sets import (
    MOST_QUESTIONS,
    QuestionLine,
    reasons_against_line,
)
from engagements.models import Engagement
from psdelivery.registry import Reason

OVER = frozenset({Status.COMPLETED, Status.CANCELLED})
# The anchor of a session, and the steps that hang on it (domain.md, section 4).
ANCHOR = "discovery"
DATED, SENT = "discovery-dated", "discovery-questions-sent"
READ_BACK, NOTES = "discovery-read-back", "discovery-notes"
CONFIRMED = "discovery-confirmed"
# A question that reads so much like another one is the same in other words.
ALIKE = 0.6


def reasons_against_writing(engagement: Engagement) -> list[Reason]:
    """Return the reason against changing discovery of an engagement that is over."""
    if engagement.status not in OVER:
        return []
    sentence = _("It is %(status)s: discovery stays as it is.")
    status = engagement.get_status_display().lower()
    return [Reason("over", sentence % {"status": status})]


@dataclass(frozen=True, kw_only=True)
class SessionState:
    """What has happened in a session so far."""

    questions_sent_at: datetime | None = None
    read_back_at: datetime | None = None
    written: int = 0


def reasons_against_removing(state: SessionState) -> list[Reason]:
    """Return what stands against taking a session away: what is in it would be lost."""
    reasons = []
    if state.questions_sent_at is not None:
        sentence = _("The customer has its questions already.")
        reasons.append(Reason("sent", sentence))
    if state.written or state.read_back_at is not None:
        sentence = _("Something is written in it: answers, notes or the recap.")
        reasons.append(Reason("written", sentence))
    return reasons


@dataclass(frozen=True)
class Asked:
    """A question of a session, and whether somebody has answered it."""

    text: str
    is_answered: bool


def kept_rows(before: Sequence[str], after: Sequence[QuestionLine]) -> list[int | None]:
    """Return for each line which question it was before, None for a new one.

    The same words are the same question wherever they stand. Where one was taken out
    and another put in its place, and they read alike, it was put in other words and
    keeps its answer.
    """
    places = {text: place for place, text in enumerate(before)}
    kept = [places.get(line.text) for line in after]
    stays = {place for place in kept if place is not None}
    for place, line in enumerate(after):
        if kept[place] is None:
            was = most_alike(line.text, before, stays)
            if was is not None:
                kept[place] = was
                stays.add(was)
    return kept


def most_alike(text: str, before: Sequence[str], taken: Collection[int]) -> int | None:
    """Return which of the questions not taken yet reads most like this one."""
    ratios = [
        (SequenceMatcher(None, old, text, autojunk=False).ratio(), -place)
        for place, old in enumerate(before)
        if place not in taken
    ]
    best = max(ratios, default=(0.0, 0))
    return -best[1] if best[0] >= ALIKE else None


def reasons_against_questions(
    before: Sequence[Asked], after: Sequence[QuestionLine]
) -> list[Reason]:
    """Return what stands against a session's asking these questions.

    Too many, too long, or an answered one would go.
    """
    reasons = [one for line in after for one in reasons_against_line(line)]
    reasons += reasons_against_number(len(after))
    kept = set(kept_rows([one.text for one in before], after))
    for place, asked in enumerate(before):
        if asked.is_answered and place not in kept:
            sentence = _("“%(question)s” has an answer: leave it in the list.")
            told = {"question": asked.text}
            reasons.append(Reason("answered", sentence % told))
    return reasons


def reasons_against_number(number: int) -> list[Reason]:
    """Return the reason against so many questions in one session."""
    if number <= MOST_QUESTIONS:
        return []
    sentence = ngettext(
        "%(n)d question is too much for a session: at most %(most)d.",
        "%(n)d questions are too many for a session: at most %(most)d.",
        number,
    )
    return [Reason("too-many", sentence % {"n": number, "most": MOST_QUESTIONS})]


def added_lines(
    present: Sequence[QuestionLine], more: Sequence[QuestionLine]
) -> list[QuestionLine]:
    """Return the present questions and those of more that are not among them.

    Each goes to the end of its heading, where that is there already.
    """
    found = list(present)
    known = {line.text for line in found}
    for line in more:
        if line.text in known:
            continue
        known.add(line.text)
        same = [place for place, one in enumerate(found) if one.section == line.section]
        found.insert(same[-1] + 1 if same else len(found), line)
    return found
