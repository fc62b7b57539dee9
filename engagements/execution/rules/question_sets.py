"""Question sets as text: one question in each line, headings between them.

Pure: no database, no clock, no request.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from psdelivery.registry import Reason

MOST_QUESTIONS = 60
QUESTION_LENGTH = 300
SECTION_LENGTH = 80
HEADING = "#"


@dataclass(frozen=True)
class QuestionLine:
    """A question with the heading that it stands under, empty without one."""

    section: str
    text: str


def lines_in(typed: str) -> list[QuestionLine]:
    """Return the questions of a text: one a line; a line with # is a heading.

    A question that stands there twice is asked once.
    """
    section = ""
    found: dict[str, QuestionLine] = {}
    for line in typed.splitlines():
        words = " ".join(line.split())
        if words.startswith(HEADING):
            section = words.lstrip(HEADING).strip()
        elif words:
            found.setdefault(words, QuestionLine(section, words))
    return list(found.values())


def text_of(lines: Iterable[QuestionLine]) -> str:
    """Return the text that `lines_in` reads as these questions."""
    section = ""
    written: list[str] = []
    for line in lines:
        if line.section != section:
            section = line.section
            written += ["", f"{HEADING} {section}".strip()]
        written.append(line.text)
    return "\n".join(written).strip()


def reasons_against_lines(lines: Iterable[QuestionLine]) -> list[Reason]:
    """Return what stands against keeping these questions: too many, or too long."""
    found = list(lines)
    reasons = []
    if not found:
        reasons.append(Reason("empty", _("Write at least one question.")))
    if len(found) > MOST_QUESTIONS:
        sentence = _("%(n)d questions are too many: at most %(most)d.")
        told = {"n": len(found), "most": MOST_QUESTIONS}
        reasons.append(Reason("too-many", sentence % told))
    for line in found:
        reasons += reasons_against_line(line)
    return reasons


def reasons_against_line(line: QuestionLine) -> list[Reason]:
    """Return what stands against one question or its heading: their lengths."""
    reasons = []
    if len(line.text) > QUESTION_LENGTH:
        sentence = _("“%(words)s…” is longer than %(most)d characters.")
        told = {"words": line.text[:40], "most": QUESTION_LENGTH}
        reasons.append(Reason("long", sentence % told))
    if len(line.section) > SECTION_LENGTH:
        sentence = _("The heading “%(words)s…” is longer than %(most)d characters.")
        told = {"words": line.section[:40], "most": SECTION_LENGTH}
        reasons.append(Reason("long", sentence % told))
    return reasons
