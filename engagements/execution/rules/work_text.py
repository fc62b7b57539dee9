"""The text of a work item: as one Markdown text, and read back from one.

The headings are those of the template of the process. What is written can be read
back, and whatever was changed in between stands in one of the parts: no line is lost.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from hashlib import sha256
from uuid import UUID

from engagements.execution.models import OpenQuestion, WorkItem
from engagements.execution.models.work import QUESTION_LENGTH, TITLE_LENGTH
from psdelivery.people.validators import without_control_characters

QUESTIONS = "questions"
HEADINGS = {
    "overview": "Overview",
    QUESTIONS: "Open Questions",
    "tasks": "Tasks",
    "acceptance_criteria": "Acceptance Criteria",
}
PART_OF_HEADING = {words.lower(): part for part, words in HEADINGS.items()}
MARKER = "psdelivery:work-item:"
ANY_MARKER = re.compile(rf"<!--\s*{MARKER}[^>]*-->\n?")
HEADING = re.compile(r"##\s+(.+?)\s*#*\s*$")
QUESTION = re.compile(r"[-*+]\s+\[([ xX])\]\s+(.*\S)\s*$")
FENCE = re.compile(r"\s*(```|~~~)")
# GitLab would take such a line for a command to itself, such as /close.
COMMAND = re.compile(r"/[A-Za-z]")


@dataclass(frozen=True)
class IssueText:
    """Title and text, ours or the one that stands there."""

    title: str
    text: str

    @property
    def digest(self) -> str:
        """The fingerprint of what a reader would see: without the marker."""
        text = without_markers(same_breaks(self.text)).strip()
        plain = f"{self.title.strip()}\n{text}"
        return sha256(plain.encode()).hexdigest()

    def says_the_same(self, other: "IssueText") -> bool:
        """Whether nobody could tell the two apart."""
        return self.digest == other.digest


def lines_that_differ(ours: IssueText, there: IssueText) -> tuple[list[str], list[str]]:
    """Return the lines that only ours has, and those that only theirs has."""
    mine, theirs = (
        [one.title, *without_markers(same_breaks(one.text)).strip().split("\n")]
        for one in (ours, there)
    )
    only_mine: list[str] = []
    only_theirs: list[str] = []
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    for tag, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if tag != "equal":
            only_mine += [line for line in mine[a_from:a_to] if line]
            only_theirs += [line for line in theirs[b_from:b_to] if line]
    return only_mine, only_theirs


def same_breaks(text: str) -> str:
    """Return the text with one kind of line break, and none that nobody sees."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines)


def marker_of(uid: UUID) -> str:
    """Return what stands unseen in the issue of an item, and in no other."""
    return f"<!-- {MARKER}{uid} -->"


def parts_of(
    item: WorkItem, questions: Iterable[OpenQuestion]
) -> list[tuple[str, str]]:
    """Return the parts of an item with their headings, in the order of the template."""
    texts = {part: getattr(item, part, "") for part in HEADINGS}
    texts[QUESTIONS] = "\n".join(question_lines(questions))
    return [
        (words, with_closed_code(without_markers(texts[part]).strip()))
        for part, words in HEADINGS.items()
    ]


def question_lines(questions: Iterable[OpenQuestion]) -> Iterator[str]:
    """Yield each question as a box, ticked where it is answered, with its answer.

    That one became a risk is ours: for the customer it is open still.
    """
    for question in questions:
        yield f"- [{'x' if question.answer else ' '}] {question.text}"
        for line in question.answer.split("\n") if question.answer else ():
            yield f"  {line}".rstrip()


def issue_of(item: WorkItem, questions: Iterable[OpenQuestion]) -> IssueText:
    """Return title and text of the issue of an item, with its marker at the end."""
    parts = parts_of(item, questions)
    texts = [f"## {words}\n\n{text}".strip() for words, text in parts]
    text = without_commands("\n\n".join(texts))
    return IssueText(item.title, f"{text}\n\n{marker_of(item.uid)}")


def without_markers(text: str) -> str:
    """Return the text without markers, which somebody may have copied along."""
    return ANY_MARKER.sub("", text)


def without_commands(text: str) -> str:
    """Return the text so that no line of it is a command to GitLab.

    Inside of code none is taken for one, and the backslash would show.
    """
    return "\n".join(
        f"\\{line}" if not is_code and COMMAND.match(line) else line
        for line, is_code in with_code(text)
    )


def with_code(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each line, and whether it stands between fences."""
    fence = ""
    for line in text.split("\n"):
        mark = FENCE.match(line)
        yield line, bool(fence or mark)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1] == fence:
            fence = ""


def with_closed_code(text: str) -> str:
    """Return the text with its last code ended: it would swallow what follows."""
    fence = ""
    for line in text.split("\n"):
        mark = FENCE.match(line)
        if mark and fence in {"", mark[1]}:
            fence = "" if fence else mark[1]
    return f"{text}\n{fence}" if fence else text


@dataclass
class ReadQuestion:
    """A question as it stands in a text, with the answer below it."""

    text: str
    answer: str = ""


@dataclass
class ReadText:
    """The parts that were read from a text."""

    title: str
    overview: str = ""
    tasks: str = ""
    acceptance_criteria: str = ""
    questions: list[ReadQuestion] = field(default_factory=list)


def read_issue(found: IssueText) -> ReadText:
    """Read the parts back from a text that somebody may have changed in any way.

    What stands before the first heading, or below one of theirs, belongs to the part
    before it; what nobody can take for a question goes to the overview.
    """
    lines: dict[str, list[str]] = {part: [] for part in HEADINGS}
    part = "overview"
    for line, is_code in with_code(cleaned(found.text)):
        to = None if is_code else part_of_heading(line)
        if to is None:
            lines[part].append(line if is_code else without_escape(line))
        else:
            part = to
    questions, rest = read_questions(lines[QUESTIONS])
    texts = {name: "\n".join(kept).strip() for name, kept in lines.items()}
    return ReadText(
        title=cleaned(found.title).strip()[:TITLE_LENGTH],
        overview="\n\n".join(one for one in (texts["overview"], rest) if one),
        tasks=texts["tasks"],
        acceptance_criteria=texts["acceptance_criteria"],
        questions=questions,
    )


def cleaned(text: str) -> str:
    """Return a text from outside as it can be kept: without what nobody sees."""
    return without_control_characters(without_markers(same_breaks(text)))


def without_escape(line: str) -> str:
    """Return a line without the mark that kept it from being a command."""
    return line[1:] if line.startswith("\\") and COMMAND.match(line[1:]) else line


def part_of_heading(line: str) -> str | None:
    """Return the part that a heading of the template begins."""
    found = HEADING.match(line)
    return PART_OF_HEADING.get(found[1].lower()) if found else None


def read_questions(lines: Iterable[str]) -> tuple[list[ReadQuestion], str]:
    """Return the questions with their answers, and what stands before the first."""
    blocks: list[tuple[str, list[str]]] = [("", [])]
    for line in lines:
        found = QUESTION.match(line)
        if found and len(found[2]) <= QUESTION_LENGTH:
            blocks.append((found[2], []))
        else:
            own = line.removeprefix("  ") if len(blocks) > 1 else line
            blocks[-1][1].append(own)
    (_none, rest), *asked = blocks
    return [
        ReadQuestion(text, "\n".join(answer).strip()) for text, answer in asked
    ], "\n".join(rest).strip()
